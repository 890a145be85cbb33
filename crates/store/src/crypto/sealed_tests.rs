use super::*;

fn key(id: u32, version: u32, raw: u8) -> NamedKey {
    NamedKey { id, version, cipher: wrap::cipher(&[raw; 32]) }
}
const ROW: [u8; 16] = [7; 16];
fn field(column: &'static str) -> Field<'static> {
    Field::new("customers", column, &ROW)
}

#[test]
fn round_trip_and_every_change_is_refused() {
    let k = key(3, 1, 9);
    let sealed = seal_with(&k, field("name"), "王小明".as_bytes());
    assert_eq!(sealed.len(), "王小明".len() + OVERHEAD);
    assert_eq!(open_with(|_| Some(&k), field("name"), &sealed).unwrap(), "王小明".as_bytes());
    for i in 0..sealed.len() {
        let mut bad = sealed.clone();
        bad[i] ^= 1;
        // A changed key id finds no key; everything else fails the tag.
        assert!(open_with(|id| (id == 3).then_some(&k), field("name"), &bad).is_err(), "byte {i}");
    }
    for n in 0..sealed.len() {
        assert!(open_with(|_| Some(&k), field("name"), &sealed[..n]).is_err(), "cut to {n}");
    }
}

#[test]
fn a_value_moved_elsewhere_does_not_open() {
    let k = key(3, 1, 9);
    let sealed = seal_with(&k, field("name"), b"x");
    assert!(open_with(|_| Some(&k), field("note"), &sealed).is_err());
    assert!(open_with(|_| Some(&k), Field::new("users", "name", &ROW), &sealed).is_err());
    assert!(open_with(|_| Some(&k), Field::new("customers", "name", &[8; 16]), &sealed).is_err());
    let other_version = key(3, 2, 9);
    assert!(open_with(|_| Some(&other_version), field("name"), &sealed).is_err());
    let other_key = key(3, 1, 8);
    assert!(open_with(|_| Some(&other_key), field("name"), &sealed).is_err());
}

#[test]
fn the_same_value_seals_differently() {
    let k = key(1, 1, 1);
    assert_ne!(seal_with(&k, field("name"), b"x"), seal_with(&k, field("name"), b"x"));
}

/// AES-256-GCM known answers. Cases 13–16: McGrew & Viega, "The Galois/Counter Mode of Operation", appendix B (the
/// vectors NIST SP 800-38D was validated with).
#[test]
fn aes_256_gcm_known_answers() {
    let long_key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    let long_pt =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
    let long_ct =
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662";
    let cases = [
        ("00".repeat(32), "00".repeat(12), "", String::new(), String::new(), "530f8afbc74536b9a963b4f1c4cb738b"),
        (
            "00".repeat(32),
            "00".repeat(12),
            "",
            "00".repeat(16),
            "cea7403d4d606b6e074ec5d3baf39d18".into(),
            "d0d1c8a799996bf0265b98b5d48ab919",
        ),
        (
            long_key.into(),
            "cafebabefacedbaddecaf888".into(),
            "",
            format!("{long_pt}1aafd255"),
            format!("{long_ct}898015ad"),
            "b094dac5d93471bdec1a502270e3cc6c",
        ),
        (
            long_key.into(),
            "cafebabefacedbaddecaf888".into(),
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            long_pt.into(),
            long_ct.into(),
            "76fc6ece0f4e1768cddf8853bb2d551b",
        ),
    ];
    for (i, (key, nonce, aad, pt, ct, tag)) in cases.iter().enumerate() {
        let key: [u8; 32] = hex::decode(key).unwrap().try_into().unwrap();
        let nonce: [u8; 12] = hex::decode(nonce).unwrap().try_into().unwrap();
        let aad = hex::decode(aad).unwrap();
        let want = hex::decode(format!("{ct}{tag}")).unwrap();
        let pt = hex::decode(pt).unwrap();
        let cipher = wrap::cipher(&key);
        assert_eq!(cipher.encrypt(&Nonce::from(nonce), Payload { msg: &pt, aad: &aad }).unwrap(), want, "case {}", 13 + i);
        assert_eq!(cipher.decrypt(&Nonce::from(nonce), Payload { msg: &want, aad: &aad }).unwrap(), pt);
        let mut bad = want.clone();
        *bad.last_mut().unwrap() ^= 0x80;
        assert!(cipher.decrypt(&Nonce::from(nonce), Payload { msg: &bad, aad: &aad }).is_err(), "modified tag accepted");
    }
}

#[test]
fn wrapped_keys_open_only_as_what_they_are() {
    let kek = wrap::cipher(&[5; 32]);
    let wrapped = wrap::wrap(&kek, &[6; 32], b"keys|1");
    assert_eq!(wrapped.len(), wrap::WRAPPED_LEN);
    assert_eq!(*wrap::unwrap(&kek, &wrapped, b"keys|1").unwrap(), [6; 32]);
    assert!(wrap::unwrap(&kek, &wrapped, b"keys|2").is_err());
    assert!(wrap::unwrap(&wrap::cipher(&[4; 32]), &wrapped, b"keys|1").is_err());
    assert!(wrap::unwrap(&kek, &wrapped[1..], b"keys|1").is_err());
}
