//! Writing a description.
use super::{Codec, Direction, LocalAudio, Media};
use std::fmt::Write;
use std::net::IpAddr;

fn family(ip: IpAddr) -> &'static str {
    if ip.is_ipv4() { "IP4" } else { "IP6" }
}

/// The session part up to the first m= line.
pub(super) fn session(local: &LocalAudio) -> String {
    let ip = local.addr.ip();
    let fam = family(ip);
    let mut out = String::with_capacity(400);
    // Writing to a String cannot fail.
    let _ = write!(out, "v=0\r\no=- {} {} IN {fam} {ip}\r\ns=-\r\nc=IN {fam} {ip}\r\nt=0 0\r\n", local.session_id, local.version);
    out
}

/// Our audio section with these payload types.
pub(super) fn audio(
    out: &mut String,
    local: &LocalAudio,
    protocol: &str,
    codecs: &[(Codec, u8)],
    dtmf_pt: Option<u8>,
    direction: Direction,
) {
    let _ = write!(out, "m=audio {} {protocol}", local.addr.port());
    for (_, pt) in codecs {
        let _ = write!(out, " {pt}");
    }
    if let Some(pt) = dtmf_pt {
        let _ = write!(out, " {pt}");
    }
    out.push_str("\r\n");
    for (codec, pt) in codecs {
        let _ = write!(out, "a=rtpmap:{pt} {}/8000\r\n", codec.name());
    }
    if let Some(pt) = dtmf_pt {
        let _ = write!(out, "a=rtpmap:{pt} telephone-event/8000\r\na=fmtp:{pt} 0-15\r\n");
    }
    let _ = write!(out, "a=ptime:{}\r\na={}\r\n", local.ptime_ms, direction.as_str());
}

/// A declined section: port 0, one of the offered formats (RFC 3264 §6).
pub(super) fn declined(out: &mut String, media: &Media) {
    let clean = |s: &str| s.chars().filter(|c| c.is_ascii_graphic()).collect::<String>();
    let format = media.formats.first().map_or_else(|| "0".to_owned(), |f| clean(f));
    let _ = write!(out, "m={} 0 {} {format}\r\n", clean(&media.kind), clean(&media.protocol));
}
