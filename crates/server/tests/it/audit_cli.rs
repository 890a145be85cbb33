use crate::harness::{Server, run};
use serde_json::json;
use std::path::Path;

fn files(folder: &Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|w| w == needle)
}

#[test]
fn nothing_personal_lies_in_clear_and_a_changed_audit_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo_in(folder.path(), &[]);
    let agent = server.sign_in("li.na");
    let secret = "note-in-clear-7731";
    let body = json!({ "name": "Clara Testperson", "phones": ["13898765432"], "note": secret, "email": "clara@example.net" });
    agent.post("/api/v1/customers", &body).expect(201);
    let (data, token) = (server.data.clone(), server.ready["api_key"].as_str().unwrap().to_owned());
    assert_eq!(server.terminate(), Some(0));

    let mut all = Vec::new();
    files(&data, &mut all);
    for path in &all {
        let bytes = std::fs::read(path).unwrap();
        for needle in ["Clara Testperson", "13898765432", secret, "clara@example.net", "13812348000", &token, "RIFF"] {
            assert!(!contains(&bytes, needle.as_bytes()), "{needle} in clear in {}", path.display());
        }
    }

    let whole = run(&data, &["audit", "verify"]);
    assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stderr));
    let database = all.iter().find(|p| p.extension().is_some_and(|e| e == "db")).unwrap();
    let bytes = std::fs::read(database).unwrap();
    let text: Vec<u8> = replace(&bytes, b"customer.create", b"customer.creatX");
    assert_ne!(bytes, text, "the entry is there to be changed");
    std::fs::write(database, text).unwrap();
    let broken = run(&data, &["audit", "verify"]);
    assert!(!broken.status.success());
    assert!(String::from_utf8_lossy(&broken.stderr).contains("was changed"), "{}", String::from_utf8_lossy(&broken.stderr));
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let mut at = 0;
    while let Some(found) = out[at..].windows(from.len()).position(|w| w == from) {
        out[at + found..at + found + to.len()].copy_from_slice(to);
        at += found + to.len();
    }
    out
}
