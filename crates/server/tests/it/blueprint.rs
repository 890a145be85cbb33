use crate::harness::{Server, run};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn export_and_apply_go_round_without_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo_in(folder.path(), &[]);
    let data = server.data.clone();
    assert_eq!(server.terminate(), Some(0));
    let exported = run(&data, &["export", "--customers"]);
    assert!(exported.status.success(), "{}", text(&exported.stderr));
    let file = folder.path().join("out.toml");
    std::fs::write(&file, &exported.stdout).unwrap();
    let file = file.display().to_string();
    let again = run(&data, &["apply", &file]);
    assert!(again.status.success(), "{}", text(&again.stderr));
    assert!(text(&again.stdout).starts_with("0 to change"), "{}", text(&again.stdout));

    // The same set-up elsewhere: everything is new once, nothing the second time.
    let other = folder.path().join("other");
    let dry = run(&other, &["apply", "--dry-run", &file]);
    assert!(text(&dry.stdout).contains("+ queue service"), "{}", text(&dry.stderr));
    let first = run(&other, &["apply", &file]);
    assert_eq!(first.stdout, dry.stdout, "a dry run prints what the real one does, and changes nothing");
    assert!(text(&run(&other, &["apply", &file]).stdout).starts_with("0 to change"));
    assert_eq!(text(&run(&other, &["export", "--customers"]).stdout).len(), exported.stdout.len());
}

#[test]
fn a_changed_field_is_shown_and_mistakes_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("b.toml");
    let data = folder.path().join("data");
    let apply = |content: &str| {
        std::fs::write(&file, content).unwrap();
        run(&data, &["apply", &file.display().to_string()])
    };
    let prompt =
        "[[prompt]]\nkey = \"music\"\nname = { zh = \"乐\", en = \"Music\" }\nsource = { from = \"builtin\", asset = \"hold_music\" }\n";
    let queue = |wait: u32| {
        format!("{prompt}[[queue]]\nkey = \"q\"\nname = {{ zh = \"队\", en = \"Q\" }}\nmusic = \"music\"\nwait_max_ms = {wait}\n")
    };
    assert!(apply(&queue(5000)).status.success());
    let changed = text(&apply(&queue(6000)).stdout);
    assert!(changed.contains("~ queue q\n    wait_max_ms: 5000 -> 6000"), "{changed}");
    for (content, words) in [
        ("[[queues]]\n", "queues"),
        ("[[queue]]\nkey = \"x\"\nname = { zh = \"a\", en = \"b\" }\nmusic = \"nothing\"\n", "names the prompt"),
        ("[[queue]]\nkey = \"x\"\nname = { zh = \"a\", en = \"b\" }\nmusic = \"music\"\nwait = 5\n", "queue x: wait"),
        ("[[user]]\nusername = \"a\"\ndisplay_name = \"A\"\nteam = \"none\"\n", "there is no team"),
    ] {
        let refused = apply(content);
        assert!(!refused.status.success() && text(&refused.stderr).contains(words), "{content}: {}", text(&refused.stderr));
    }
}

#[test]
fn a_running_server_notices_what_is_applied() {
    let server = Server::demo();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("b.toml");
    std::fs::write(&file, "[[break_reason]]\nkey = \"tea\"\nname = { zh = \"喝茶\", en = \"Tea\" }\n").unwrap();
    assert!(run(&server.data, &["apply", &file.display().to_string()]).status.success());
    server.key().get("/api/v1/break-reasons/tea").expect(200);
}
