//! Offer/answer (RFC 3264) for our one audio stream.
use super::write;
use super::{Codec, Direction, LocalAudio, Media, Sdp, SdpError};
use bytes::Bytes;
use std::net::{IpAddr, SocketAddr};

/// What both sides agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Negotiated {
    /// Where to send RTP; on hold by `0.0.0.0` the address is unspecified: do not send.
    pub remote_addr: SocketAddr,
    pub rtcp_addr: SocketAddr,
    pub codec: Codec,
    /// Payload type to send and receive the codec with.
    pub pt: u8,
    /// Payload type of telephone-event, none if the peer does not take it.
    pub dtmf_pt: Option<u8>,
    /// Seen from our side: `SendOnly` means that we send and the peer does not (it is on hold by us or vice versa).
    pub direction: Direction,
    /// Packet time to send with, milliseconds.
    pub ptime_ms: u32,
    /// The peer put us on hold: it does not want to hear us.
    pub held_by_peer: bool,
}

/// First dynamic payload type that we offer telephone-event with.
const DTMF_PT: u8 = 101;
const PTIME_MS: std::ops::RangeInclusive<u32> = 10..=60;

/// A new offer.
pub fn offer(local: &LocalAudio) -> Bytes {
    let codecs: Vec<(Codec, u8)> = local.codecs.iter().map(|c| (*c, c.static_pt())).collect();
    let mut out = write::session(local);
    write::audio(&mut out, local, "RTP/AVP", &codecs, local.dtmf.then_some(DTMF_PT), local.direction);
    Bytes::from(out)
}

/// Our answer to an offer, and what then holds. Every stream but the first usable audio one is declined.
pub fn answer(offer: &Sdp, local: &LocalAudio) -> Result<(Bytes, Negotiated), SdpError> {
    let (index, media) = usable(offer)?;
    let (codec, pt) = common(media, &local.codecs).ok_or(SdpError::NoCodec)?;
    let dtmf_pt = if local.dtmf { dtmf_of(media) } else { None };
    let agreed = agree(offer, media, local, codec, pt, dtmf_pt)?;
    let mut out = write::session(local);
    for (i, m) in offer.media.iter().enumerate() {
        if i == index {
            write::audio(&mut out, local, &media.protocol, &[(codec, pt)], dtmf_pt, agreed.direction);
        } else {
            write::declined(&mut out, m);
        }
    }
    Ok((Bytes::from(out), agreed))
}

/// What holds after the peer answered our offer of `local`.
pub fn accept(answer: &Sdp, local: &LocalAudio) -> Result<Negotiated, SdpError> {
    let (_, media) = usable(answer)?;
    let (codec, pt) = common(media, &local.codecs).ok_or(SdpError::NoCodec)?;
    let dtmf_pt = if local.dtmf { dtmf_of(media) } else { None };
    agree(answer, media, local, codec, pt, dtmf_pt)
}

/// The first audio stream that is not declined and speaks plain RTP.
fn usable(sdp: &Sdp) -> Result<(usize, &Media), SdpError> {
    let fits = |m: &Media| {
        m.kind.eq_ignore_ascii_case("audio")
            && m.port != 0
            && (m.protocol.eq_ignore_ascii_case("RTP/AVP") || m.protocol.eq_ignore_ascii_case("RTP/AVPF"))
    };
    sdp.media.iter().enumerate().find(|(_, m)| fits(m)).ok_or(SdpError::NoAudio)
}

/// The first of the peer's formats that we know; with its number for it.
fn common(media: &Media, ours: &[Codec]) -> Option<(Codec, u8)> {
    media.formats.iter().find_map(|f| {
        let pt: u8 = f.parse().ok().filter(|pt| *pt < 128)?;
        let codec = match media.rtpmaps.iter().find(|m| m.pt == pt) {
            Some(map) => ours.iter().find(|c| c.name().eq_ignore_ascii_case(&map.name) && map.clock == 8000),
            None => ours.iter().find(|c| c.static_pt() == pt),
        }?;
        Some((*codec, pt))
    })
}

fn dtmf_of(media: &Media) -> Option<u8> {
    let map = media.rtpmaps.iter().find(|m| m.name.eq_ignore_ascii_case("telephone-event") && m.clock == 8000)?;
    media.formats.iter().any(|f| f.parse() == Ok(map.pt)).then_some(map.pt)
}

fn agree(sdp: &Sdp, media: &Media, local: &LocalAudio, codec: Codec, pt: u8, dtmf_pt: Option<u8>) -> Result<Negotiated, SdpError> {
    let ip: IpAddr = sdp.host_of(media).and_then(|h| h.parse().ok()).ok_or(SdpError::NoAddress)?;
    let remote_addr = SocketAddr::new(ip, media.port);
    let rtcp_addr = match media.rtcp {
        _ if media.rtcp_mux && media.rtcp.is_none() => SocketAddr::new(ip, media.port.saturating_add(1)),
        Some((port, at)) => SocketAddr::new(at.unwrap_or(ip), port),
        None => SocketAddr::new(ip, media.port.saturating_add(1)),
    };
    let theirs = sdp.direction_of(media);
    // We send if we want to and they listen; we receive if we want to and they send.
    let direction = Direction::of(local.direction.sends() && theirs.receives(), local.direction.receives() && theirs.sends());
    let ptime_ms = media.ptime_ms.filter(|p| PTIME_MS.contains(p) && p % 10 == 0).unwrap_or(local.ptime_ms);
    Ok(Negotiated { remote_addr, rtcp_addr, codec, pt, dtmf_pt, direction, ptime_ms, held_by_peer: !theirs.receives() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local() -> LocalAudio {
        LocalAudio::new("192.0.2.9:20000".parse().expect("address"), 7)
    }

    fn parse(text: &str) -> Sdp {
        Sdp::parse(text.replace('\n', "\r\n").as_bytes()).expect("valid")
    }

    const PHONE: &str = "v=0\no=- 1 1 IN IP4 198.51.100.2\ns=x\nc=IN IP4 198.51.100.2\nt=0 0\nm=video 4000 RTP/AVP 99\na=rtpmap:99 H264/90000\n\
        m=audio 5004 RTP/AVP 18 9 110 8 101\na=rtpmap:110 PCMU/8000/1\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-16\na=ptime:30\n";

    #[test]
    fn answers_in_the_order_of_the_offer() {
        let (text, got) = answer(&parse(PHONE), &local()).expect("agrees");
        assert_eq!((got.codec, got.pt, got.dtmf_pt, got.ptime_ms), (Codec::G722, 9, Some(101), 30));
        assert_eq!(got.remote_addr, "198.51.100.2:5004".parse().expect("address"));
        assert_eq!(got.rtcp_addr.port(), 5005);
        let text = String::from_utf8_lossy(&text).into_owned();
        let lines: Vec<&str> = text.lines().filter(|l| l.starts_with("m=")).collect();
        assert_eq!(lines, ["m=video 0 RTP/AVP 99", "m=audio 20000 RTP/AVP 9 101"]);
        let back = accept(&Sdp::parse(text.as_bytes()).expect("ours"), &local()).expect("ours");
        assert_eq!((back.codec, back.direction), (Codec::G722, Direction::SendRecv));
    }

    #[test]
    fn dynamic_number_of_a_known_codec() {
        let mut pcmu = local();
        pcmu.codecs = vec![Codec::Pcmu];
        let (_, got) = answer(&parse(PHONE), &pcmu).expect("agrees");
        assert_eq!((got.codec, got.pt), (Codec::Pcmu, 110));
    }

    #[test]
    fn hold_in_all_its_forms() {
        let rows = [
            ("a=sendonly\n", "198.51.100.2", Direction::RecvOnly, true),
            ("a=inactive\n", "198.51.100.2", Direction::Inactive, true),
            ("a=recvonly\n", "198.51.100.2", Direction::SendOnly, false),
            ("", "0.0.0.0", Direction::RecvOnly, true),
            ("a=inactive\n", "0.0.0.0", Direction::Inactive, true),
            ("", "198.51.100.2", Direction::SendRecv, false),
        ];
        for (line, host, want, held) in rows {
            let text = format!("v=0\no=- 1 1 IN IP4 {host}\ns=x\nc=IN IP4 {host}\nt=0 0\nm=audio 5004 RTP/AVP 0\n{line}");
            let (text, got) = answer(&parse(&text), &local()).expect("agrees");
            assert_eq!((got.direction, got.held_by_peer), (want, held), "{line}{host}");
            assert!(String::from_utf8_lossy(&text).contains(&format!("a={}\r\n", want.as_str())));
        }
    }

    #[test]
    fn our_hold() {
        let mut hold = local();
        hold.direction = Direction::SendOnly;
        assert!(String::from_utf8_lossy(&offer(&hold)).contains("a=sendonly\r\n"));
        let got = accept(&parse("v=0\nc=IN IP4 1.2.3.4\nm=audio 9 RTP/AVP 8\na=recvonly\n"), &hold).expect("agrees");
        assert_eq!(got.direction, Direction::SendOnly);
    }

    #[test]
    fn addresses() {
        let got = accept(&parse("v=0\nc=IN IP6 2001:db8::1\nm=audio 9 RTP/AVP 8\na=rtcp:77 IN IP4 9.9.9.9\na=rtcp-mux\n"), &local())
            .expect("agrees");
        assert_eq!((got.remote_addr.to_string(), got.rtcp_addr.to_string()), ("[2001:db8::1]:9".into(), "9.9.9.9:77".into()));
        assert_eq!(accept(&parse("v=0\nc=IN IP4 host.example\nm=audio 9 RTP/AVP 8\n"), &local()), Err(SdpError::NoAddress));
        assert_eq!(accept(&parse("v=0\nm=audio 9 RTP/AVP 8\n"), &local()), Err(SdpError::NoAddress));
    }

    #[test]
    fn refused() {
        assert_eq!(Sdp::parse(b"o=1"), Err(SdpError::Syntax));
        assert_eq!(Sdp::parse(b""), Err(SdpError::Syntax));
        assert_eq!(Sdp::parse(b"v=0\r\nm=audio x RTP/AVP 0"), Err(SdpError::Syntax));
        let rows = [
            ("v=0\nc=IN IP4 1.2.3.4\nm=audio 0 RTP/AVP 0\n", SdpError::NoAudio),
            ("v=0\nc=IN IP4 1.2.3.4\nm=audio 9 RTP/SAVP 0\n", SdpError::NoAudio),
            ("v=0\nc=IN IP4 1.2.3.4\nm=video 9 RTP/AVP 31\n", SdpError::NoAudio),
            ("v=0\nc=IN IP4 1.2.3.4\nm=audio 9 RTP/AVP 18 3\n", SdpError::NoCodec),
        ];
        for (text, want) in rows {
            assert_eq!(answer(&parse(text), &local()).map(|_| ()), Err(want), "{text}");
        }
    }
}
