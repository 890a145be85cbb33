//! What a browser's offer says about audio: just enough SDP to choose one codec before str0m builds the answer.
use crate::codec::Codec;

/// The first audio line of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedAudio {
    /// (payload type, codec) in the browser's order; formats that we do not know are left out.
    pub codecs: Vec<(u8, Codec)>,
    /// (payload type, clock rate) of `telephone-event`.
    pub telephone_events: Vec<(u8, u32)>,
    /// `a=mid`, the line's name.
    pub mid: Option<String>,
}

impl OfferedAudio {
    /// Reads the first `m=audio` section that is not rejected (port 0); none when there is none.
    pub fn parse(sdp: &str) -> Option<Self> {
        let mut lines = sdp.lines();
        let formats = loop {
            let line = lines.next()?;
            if let Some(rest) = line.strip_prefix("m=audio ") {
                let mut words = rest.split_whitespace();
                if words.next() != Some("0") {
                    break words.skip(1).filter_map(|w| w.parse::<u8>().ok()).filter(|pt| *pt < 128).collect::<Vec<_>>();
                }
            }
        };
        let attributes: Vec<&str> = lines.take_while(|l| !l.starts_with("m=")).collect();
        let maps: Vec<(u8, &str, u32)> = attributes.iter().filter_map(|l| parse_rtpmap(l)).collect();
        let mid = attributes.iter().find_map(|l| l.strip_prefix("a=mid:")).map(|mid| mid.trim().to_string());
        let map_of = |pt: u8| maps.iter().find(|m| m.0 == pt);
        let codec_of = |pt: u8| match map_of(pt) {
            Some((_, name, rate)) => Codec::from_rtpmap(name, *rate),
            None => Codec::from_static_pt(pt),
        };
        let codecs = formats.iter().filter_map(|pt| Some((*pt, codec_of(*pt)?))).collect();
        let is_event = |m: &&(u8, &str, u32)| m.1.eq_ignore_ascii_case("telephone-event");
        let telephone_events = formats.iter().filter_map(|pt| map_of(*pt).filter(is_event).map(|m| (m.0, m.2))).collect();
        Some(Self { codecs, telephone_events, mid })
    }

    /// The first of `preferred` that is offered, with its payload type.
    pub fn choose(&self, preferred: &[Codec]) -> Option<(u8, Codec)> {
        preferred.iter().find_map(|want| self.codecs.iter().find(|(_, codec)| codec == want)).copied()
    }

    /// Payload type of `telephone-event` at a codec's clock (RFC 4733 section 2.1 wants the same clock).
    pub fn telephone_event(&self, clock_rate: u32) -> Option<u8> {
        self.telephone_events.iter().find(|(_, rate)| *rate == clock_rate).map(|(pt, _)| *pt)
    }
}

/// `a=rtpmap:<pt> <name>/<rate>[/<channels>]`
fn parse_rtpmap(line: &str) -> Option<(u8, &str, u32)> {
    let (pt, format) = line.strip_prefix("a=rtpmap:")?.split_once(' ')?;
    let mut parts = format.trim().split('/');
    Some((pt.parse().ok()?, parts.next()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROME: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\n\
        c=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:63 red/48000/2\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\n\
        a=rtpmap:8 PCMA/8000\r\na=rtpmap:13 CN/8000\r\na=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 telephone-event/8000\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n";

    #[test]
    fn reads_chromes_offer() {
        let offer = OfferedAudio::parse(CHROME).unwrap();
        assert_eq!(offer.codecs, [(111, Codec::Opus), (9, Codec::G722), (0, Codec::Pcmu), (8, Codec::Pcma)]);
        assert_eq!((offer.choose(&Codec::ALL), offer.mid.as_deref()), (Some((0, Codec::Pcmu)), Some("0")));
        assert_eq!(offer.choose(&[Codec::Opus, Codec::Pcmu]), Some((111, Codec::Opus)));
        assert_eq!((offer.telephone_event(8000), offer.telephone_event(48_000)), (Some(126), Some(110)));
    }

    #[test]
    fn tolerates_missing_maps_and_rejected_lines() {
        let offer = OfferedAudio::parse("m=audio 0 RTP/SAVPF 0\nm=audio 9 RTP/SAVPF 8 x 300 77\n").unwrap();
        assert_eq!(offer.codecs, [(8, Codec::Pcma)]);
        assert_eq!(offer.choose(&[Codec::Pcmu]), None);
        assert_eq!(OfferedAudio::parse("m=video 9 RTP/SAVPF 96\n"), None);
        assert_eq!(OfferedAudio::parse(""), None);
    }
}
