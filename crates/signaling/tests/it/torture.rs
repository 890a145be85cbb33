//! RFC 4475 and RFC 5118: what the endpoint answers to each message.
use crate::raw::*;
use signaling::*;
use std::path::PathBuf;

/// What has to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    /// This status, at once and alone.
    Status(u16),
    /// A new call for the application.
    Call,
    /// 200 and so many bindings.
    Bound(usize),
    /// A response that belongs to nothing: read, and without effect.
    Ignored,
    /// Not even readable.
    Dropped,
}
use Want::*;

/// File, what has to happen, why (the RFC's own reading where it leaves a choice).
const TABLE: &[(&str, Want, &str)] = &[
    ("wellformed/3.1.1.1_wsinv", Status(481), "valid; its To has a tag that is none of ours"),
    ("wellformed/3.1.1.2_intmeth", Status(501), "valid; the method is unknown"),
    ("wellformed/3.1.1.3_esc01", Call, "escapes in user parts"),
    ("wellformed/3.1.1.4_escnull", Bound(2), "two bindings that differ in %00 only"),
    ("wellformed/3.1.1.5_esc02", Status(501), "RE%47IST%45R is not REGISTER"),
    ("wellformed/3.1.1.6_lwsdisp", Status(200), "no space between display name and <"),
    ("wellformed/3.1.1.7_longreq", Call, "long values everywhere"),
    ("wellformed/3.1.1.8_dblreq", Bound(1), "the second request of the datagram is ignored"),
    ("wellformed/3.1.1.9_semiuri", Status(200), "the user part holds a semicolon"),
    ("wellformed/3.1.1.10_transports", Status(200), "unknown transports in lower Vias"),
    ("wellformed/3.1.1.11_mpart01", Status(405), "valid; MESSAGE is not for us"),
    ("wellformed/3.1.1.12_unreason", Ignored, "UTF-8 in the reason phrase"),
    ("wellformed/3.1.1.13_noreason", Ignored, "empty reason phrase"),
    ("malformed/3.1.2.1_badinv01", Status(400), "stray separators in Via"),
    ("malformed/3.1.2.2_clerr", Status(400), "Content-Length beyond the datagram"),
    ("malformed/3.1.2.3_ncl", Status(400), "negative Content-Length"),
    ("malformed/3.1.2.4_scalar02", Status(400), "CSeq beyond 2^31"),
    ("malformed/3.1.2.5_scalarlg", Ignored, "a response with a CSeq beyond 2^31"),
    ("malformed/3.1.2.6_quotbal", Status(400), "open quote in To"),
    ("malformed/3.1.2.7_ltgtruri", Status(400), "brackets around the Request-URI"),
    ("malformed/3.1.2.8_lwsruri", Status(400), "space within the Request-URI"),
    ("malformed/3.1.2.9_lwsstart", Status(400), "two spaces in the request line"),
    ("malformed/3.1.2.10_trws", Status(400), "spaces at the end of the request line"),
    ("malformed/3.1.2.11_escruri", Status(400), "headers in the Request-URI"),
    ("malformed/3.1.2.12_baddate", Call, "a Date that is no date is not looked at"),
    ("malformed/3.1.2.13_regbadct", Status(400), "URI headers without brackets in Contact"),
    ("malformed/3.1.2.14_badaspec", Status(200), "spaces within the brackets of To: what is meant is clear"),
    ("malformed/3.1.2.15_baddn", Status(200), "display name that should be quoted: what is meant is clear"),
    ("malformed/3.1.2.16_badvers", Status(505), "SIP/7.0"),
    ("malformed/3.1.2.17_mismatch01", Status(400), "OPTIONS with the CSeq of an INVITE"),
    ("malformed/3.1.2.18_mismatch02", Status(400), "unknown method with the CSeq of an INVITE"),
    ("malformed/3.1.2.19_bigcode", Dropped, "status code beyond 699"),
    ("malformed/3.2.1_badbranch", Status(200), "a branch of only the cookie is matched as by RFC 2543"),
    ("malformed/3.3.1_insuf", Status(400), "no Call-ID, From or To"),
    ("wellformed/3.3.2_unkscm", Status(416), "unknown scheme in the Request-URI"),
    ("wellformed/3.3.3_novelsc", Status(416), "unusual scheme in the Request-URI"),
    ("malformed/3.3.4_unksm2", Status(404), "an address of record that no domain of ours holds"),
    ("malformed/3.3.5_bext01", Status(420), "Require of unknown extensions"),
    ("malformed/3.3.6_invut", Status(415), "unknown body type"),
    ("wellformed/3.3.7_regaut01", Status(401), "unknown authorization scheme counts as none"),
    ("malformed/3.3.8_multi01", Status(400), "several values of single headers"),
    ("malformed/3.3.9_mcl01", Status(400), "two Content-Lengths that differ"),
    ("wellformed/3.3.10_bcast", Ignored, "a response with a second Via is not for us"),
    ("wellformed/3.3.11_zeromf", Status(200), "Max-Forwards 0 ends here and does no harm"),
    ("wellformed/3.3.12_cparam01", Bound(1), "parameter after a Contact without brackets"),
    ("wellformed/3.3.13_cparam02", Bound(1), "parameter within the brackets"),
    ("wellformed/3.3.14_regescrt", Bound(1), "Contact with an escaped Route"),
    ("malformed/3.3.15_sdp01", Status(406), "cannot take SDP back"),
    ("wellformed/3.4.1_inv2543", Call, "a peer of RFC 2543: no tag, no branch"),
    ("wellformed/4.1_ipv6-good", Bound(1), "IPv6 everywhere"),
    ("malformed/4.2_ipv6-bad", Status(400), "IPv6 without brackets"),
    ("wellformed/4.3_port-ambiguous", Bound(1), "5070 is a part of the address"),
    ("wellformed/4.4_port-unambiguous", Bound(1), "5070 is the port"),
    ("wellformed/4.5_via-received-param-no-delim", Status(200), "received without brackets"),
    ("wellformed/4.5_via-received-param-with-delim", Status(481), "received with brackets; BYE of no call"),
    ("wellformed/4.6_ipv6-in-sdp", Call, "IPv6 in SDP"),
    ("wellformed/4.7_mult-ip-in-header", Status(481), "both families in Via; BYE of no call"),
    ("wellformed/4.8_mult-ip-in-sdp", Call, "both families in SDP"),
    ("wellformed/4.9_ipv4-mapped-ipv6", Call, "IPv4 written as IPv6"),
    ("wellformed/4.10_ipv6-bug-abnf-3-colons", Status(200), "three colons of an old grammar"),
    ("wellformed/4.10_ipv6-correct-abnf-2-colons", Status(200), "two colons"),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sip-torture")
}

/// The file with CRLF line ends.
pub fn load(name: &str) -> Vec<u8> {
    let raw = std::fs::read(folder().join(format!("{name}.sip"))).unwrap_or_else(|e| panic!("{name}: {e}"));
    raw.iter().flat_map(|&b| if b == b'\n' { vec![b'\r', b'\n'] } else { vec![b] }).collect()
}

pub fn corpus() -> Vec<Vec<u8>> {
    TABLE.iter().map(|(name, _, _)| load(name)).collect()
}

fn endpoint(name: &str) -> Raw {
    let mut config = crate::net::config(0);
    if !name.contains("regaut01") {
        config.unknown_source = UnknownSource::Accept;
    }
    Raw::with(config)
}

fn bindings(raw: &Raw) -> usize {
    raw.endpoint.registrar().users().map(|u| raw.endpoint.registrar().lookup(u, raw.now).len()).sum()
}

#[test]
fn every_message_gets_the_answer_that_the_rfc_asks_for() {
    let mut wrong = Vec::new();
    for (name, want, why) in TABLE {
        let mut raw = endpoint(name);
        let sent = raw.datagram(PEER, load(name));
        let stats = raw.endpoint.stats();
        let calls = raw.events.iter().filter(|e| matches!(e, Event::IncomingInvite(_))).count();
        let statuses: Vec<u16> = sent.iter().map(|m| status(m)).collect();
        let ok = match want {
            Status(s) => statuses == [*s] && calls == 0,
            Call => statuses.is_empty() && calls == 1,
            Bound(n) => statuses == [200] && bindings(&raw) == *n,
            Ignored => statuses.is_empty() && raw.events.is_empty() && Message::parse(load(name).into(), 256).is_ok(),
            Dropped => statuses.is_empty() && raw.events.is_empty() && stats.malformed == 1,
        };
        if !ok {
            wrong.push(format!("{name}: want {want:?} ({why}), got {statuses:?}, {calls} calls, {} bindings, {stats:?}", bindings(&raw)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_names_every_file() {
    let count = |kind: &str| std::fs::read_dir(folder().join(kind)).expect("folder").count();
    assert_eq!(TABLE.len(), count("wellformed") + count("malformed"));
}

#[test]
fn details_of_some() {
    let answer = |name: &str| endpoint(name).datagram(PEER, load(name)).remove(0);
    let bext = answer("malformed/3.3.5_bext01");
    assert_eq!(header(&bext, "Unsupported"), Some("nothingSupportsThis, nothingSupportsThisEither"));
    let invut = answer("malformed/3.3.6_invut");
    assert_eq!(header(&invut, "Accept"), Some("application/sdp"));
    let transports = answer("wellformed/3.1.1.10_transports");
    assert_eq!(transports.matches("Via: SIP/2.0/").count(), 5);
    let wsinv = answer("wellformed/3.1.1.1_wsinv");
    assert!(wsinv.contains("Via: SIP/2.0/UDP 192.0.2.2;branch=390skdjuw;received=10.0.0.9\r\n"), "{wsinv}");
    assert!(wsinv.contains("spindle.example.com") && wsinv.contains("192.168.255.111"));
    let intmeth = answer("wellformed/3.1.1.2_intmeth");
    assert!(intmeth.contains("CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~\r\n"));
    let unreason = Message::parse(load("wellformed/3.1.1.12_unreason").into(), 256).expect("parses");
    assert!(String::from_utf8_lossy(unreason.reason()).starts_with("= 2**3 * 5**2 "));
    let inv2543 = Message::parse(load("wellformed/3.4.1_inv2543").into(), 256).expect("parses");
    assert!(inv2543.sdp().is_some());
    let ports = [("wellformed/4.3_port-ambiguous", None), ("wellformed/4.4_port-unambiguous", Some(5070))];
    for (name, port) in ports {
        let message = Message::parse(load(name).into(), 256).expect("parses");
        assert_eq!(UriRef::parse(message.request_uri()).expect("URI").port, port);
    }
    let semi = Message::parse(load("wellformed/3.1.1.9_semiuri").into(), 256).expect("parses");
    assert_eq!(UriRef::parse(semi.request_uri()).expect("URI").user, b"user;par=u%40example.net");
}
