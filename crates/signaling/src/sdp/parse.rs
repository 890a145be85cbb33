//! Reading a description. Unknown lines are kept out of the way, never an error.
use super::{Direction, SdpError};
use std::net::IpAddr;

/// Larger descriptions are refused.
const SDP_BYTES_MAX: usize = 65_536;
const MEDIA_MAX: usize = 64;
const RTPMAPS_MAX: usize = 128;

/// One `a=rtpmap`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RtpMap {
    pub pt: u8,
    /// As written; compare without case.
    pub name: String,
    pub clock: u32,
}

/// One m= section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Media {
    /// `audio`, `video` …
    pub kind: String,
    pub port: u16,
    /// `RTP/AVP` …
    pub protocol: String,
    /// As written.
    pub formats: Vec<String>,
    pub connection: Option<String>,
    pub rtpmaps: Vec<RtpMap>,
    pub ptime_ms: Option<u32>,
    /// None: as the session says.
    pub direction: Option<Direction>,
    /// Port and, if given, address of `a=rtcp`.
    pub rtcp: Option<(u16, Option<IpAddr>)>,
    pub rtcp_mux: bool,
}

/// A session description as far as this crate needs it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sdp {
    /// Text after `o=`.
    pub origin: String,
    /// Host of the session's `c=`.
    pub connection: Option<String>,
    pub direction: Direction,
    pub media: Vec<Media>,
}

impl Sdp {
    pub fn parse(text: &[u8]) -> Result<Sdp, SdpError> {
        if text.len() > SDP_BYTES_MAX {
            return Err(SdpError::TooLarge);
        }
        let text = String::from_utf8_lossy(text);
        let mut lines = text.lines().map(str::trim_end).filter(|l| !l.is_empty());
        if lines.next().is_none_or(|l| !l.starts_with("v=")) {
            return Err(SdpError::Syntax);
        }
        let mut sdp = Sdp::default();
        for line in lines {
            let Some((kind, value)) = line.split_once('=') else { continue };
            match kind {
                "o" => sdp.origin = value.to_owned(),
                "c" => {
                    let host = connection_host(value);
                    match sdp.media.last_mut() {
                        Some(m) => m.connection = host,
                        None => sdp.connection = host,
                    }
                }
                "m" => {
                    if sdp.media.len() >= MEDIA_MAX {
                        return Err(SdpError::TooLarge);
                    }
                    sdp.media.push(media(value).ok_or(SdpError::Syntax)?);
                }
                "a" => sdp.attribute(value),
                _ => {}
            }
        }
        Ok(sdp)
    }

    fn attribute(&mut self, value: &str) {
        let (name, value) = value.split_once(':').unwrap_or((value, ""));
        let value = value.trim();
        let direction = match name {
            "sendrecv" => Some(Direction::SendRecv),
            "sendonly" => Some(Direction::SendOnly),
            "recvonly" => Some(Direction::RecvOnly),
            "inactive" => Some(Direction::Inactive),
            _ => None,
        };
        let Some(m) = self.media.last_mut() else {
            if let Some(direction) = direction {
                self.direction = direction;
            }
            return;
        };
        match name {
            _ if direction.is_some() => m.direction = direction,
            "rtpmap" if m.rtpmaps.len() < RTPMAPS_MAX => m.rtpmaps.extend(rtpmap(value)),
            "ptime" => m.ptime_ms = value.split('.').next().and_then(|v| v.parse().ok()),
            "rtcp" => m.rtcp = rtcp(value),
            "rtcp-mux" => m.rtcp_mux = true,
            _ => {}
        }
    }

    /// The address of a stream's connection line; the session's if it has none of its own.
    pub fn host_of<'a>(&'a self, media: &'a Media) -> Option<&'a str> {
        media.connection.as_deref().or(self.connection.as_deref())
    }

    /// The direction that a stream's sender wants, with the hold of RFC 2543 (`c=0.0.0.0`) read as not receiving.
    pub fn direction_of(&self, media: &Media) -> Direction {
        let direction = media.direction.unwrap_or(self.direction);
        match self.host_of(media) {
            Some("0.0.0.0") => Direction::of(direction.sends(), false),
            _ => direction,
        }
    }
}

/// `IN IP4 192.0.2.1/127/3` → `192.0.2.1`.
fn connection_host(value: &str) -> Option<String> {
    let host = value.split_ascii_whitespace().nth(2)?;
    Some(host.split('/').next().unwrap_or(host).to_owned())
}

fn media(value: &str) -> Option<Media> {
    let mut words = value.split_ascii_whitespace();
    let kind = words.next()?.to_owned();
    let port = words.next()?.split('/').next()?.parse().ok()?;
    let protocol = words.next()?.to_owned();
    Some(Media { kind, port, protocol, formats: words.take(RTPMAPS_MAX).map(str::to_owned).collect(), ..Media::default() })
}

fn rtpmap(value: &str) -> Option<RtpMap> {
    let (pt, rest) = value.split_once(char::is_whitespace)?;
    let mut parts = rest.trim().split('/');
    let name = parts.next()?.to_owned();
    Some(RtpMap { pt: pt.parse().ok().filter(|pt| *pt < 128)?, name, clock: parts.next()?.trim().parse().ok()? })
}

/// `53020 IN IP4 126.16.64.4`.
fn rtcp(value: &str) -> Option<(u16, Option<IpAddr>)> {
    let mut words = value.split_ascii_whitespace();
    let port = words.next()?.parse().ok()?;
    Some((port, words.nth(2).and_then(|a| a.parse().ok())))
}
