//! Starts `zhiyin` in a folder of its own and speaks HTTP with it.
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

pub const BINARY: &str = env!("CARGO_BIN_EXE_zhiyin");
/// A busy test machine may need this long to start the program.
const START_MAX: Duration = Duration::from_secs(60);

pub struct Server {
    child: Child,
    pub ready: Value,
    pub log: mpsc::Receiver<String>,
    /// Kept while the server runs; None when the folder belongs to the test.
    _folder: Option<tempfile::TempDir>,
    pub data: PathBuf,
}

impl Server {
    /// `zhiyin demo` without simulated customers.
    pub fn demo() -> Self {
        Self::demo_with(&[])
    }

    pub fn demo_with(env: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Self::demo_in(folder.path(), env);
        server._folder = Some(folder);
        server
    }

    pub fn demo_in(folder: &Path, env: &[(&str, &str)]) -> Self {
        let data = folder.join("data");
        let mut command = Command::new(BINARY);
        command.args(["demo", "--http", "127.0.0.1:0", "--sip", "127.0.0.1:0", "--traffic", "off", "--data"]).arg(&data);
        Self::start(command, env, data)
    }

    /// `zhiyin serve` on a folder.
    pub fn serve_in(folder: &Path) -> Self {
        let data = folder.join("data");
        let mut command = Command::new(BINARY);
        command.arg("serve");
        let dir = data.display().to_string();
        let env = [
            ("ZHIYIN__STORE__DATA_DIR", dir.as_str()),
            ("ZHIYIN__HTTP__ADDR", "127.0.0.1:0"),
            ("ZHIYIN__SIP__ADDR", "127.0.0.1:0"),
            ("ZHIYIN__MEDIA__ADDR", "127.0.0.1"),
            ("ZHIYIN__MEDIA__WEBRTC_ADDR", "127.0.0.1:0"),
        ];
        Self::start(command, &env, data.clone())
    }

    fn start(mut command: Command, env: &[(&str, &str)], data: PathBuf) -> Self {
        command.envs(env.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (log_lines, log) = mpsc::channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if log_lines.send(line).is_err() {
                    // The test looks no longer; the pipe must still be emptied.
                }
            }
        });
        let (lines, stdout) = mpsc::channel();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|n| n > 0) {
                if lines.send(std::mem::take(&mut line)).is_err() {
                    return;
                }
            }
        });
        let ready = match stdout.recv_timeout(START_MAX) {
            Ok(line) => serde_json::from_str::<Value>(&line).unwrap(),
            Err(_) => {
                child.kill().unwrap();
                panic!("not ready: {:?}", log.try_iter().collect::<Vec<_>>());
            }
        };
        assert_eq!(ready["event"], "ready");
        Self { child, ready, log, _folder: None, data }
    }

    pub fn url(&self) -> &str {
        self.ready["http"].as_str().unwrap()
    }

    pub fn anonymous(&self) -> Client {
        Client::new(self.url())
    }

    /// A client with the demo's key that may do everything.
    pub fn key(&self) -> Client {
        self.anonymous().bearer(self.ready["api_key"].as_str().unwrap())
    }

    pub fn login(&self, username: &str) -> (String, String) {
        let login = self.ready["logins"].as_array().unwrap().iter().find(|l| l["username"] == username).unwrap();
        (username.to_owned(), login["password"].as_str().unwrap().to_owned())
    }

    /// Signed in by bearer token.
    pub fn sign_in(&self, username: &str) -> Client {
        let (username, password) = self.login(username);
        self.anonymous().sign_in(&username, &password)
    }

    /// SIGTERM, and the exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One command of the binary on a data folder.
pub fn run(data: &Path, words: &[&str]) -> Output {
    Command::new(BINARY).args(words).env("ZHIYIN__STORE__DATA_DIR", data).output().unwrap()
}

pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}
impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
    /// The problem's code; panics when the answer is no problem document.
    pub fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{} {}", self.status, String::from_utf8_lossy(&self.body));
        let body = self.json();
        assert_eq!(body["status"], self.status);
        assert_eq!(body["type"], format!("https://zhiyin.dev/problems/{}", body["code"].as_str().unwrap()));
        body["code"].as_str().unwrap().to_owned()
    }
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }
}

#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    url: String,
    headers: Vec<(String, String)>,
}

impl Client {
    pub fn new(url: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(30))).build();
        Self { agent: config.into(), url: url.to_owned(), headers: Vec::new() }
    }
    pub fn bearer(self, token: &str) -> Self {
        self.with("Authorization", &format!("Bearer {token}"))
    }
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
    pub fn sign_in(self, username: &str, password: &str) -> Self {
        let body = serde_json::json!({ "username": username, "password": password });
        let token = self.post("/api/v1/session", &body).expect(200).json()["token"].as_str().unwrap().to_owned();
        self.bearer(&token)
    }
    pub fn send(&self, method: &str, path: &str, body: Option<Vec<u8>>) -> Answer {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let agent = &self.agent;
        let response = match body {
            Some(bytes) => agent.run(agent.configure_request(request.body(bytes).unwrap()).allow_non_standard_methods(true).build()),
            None => agent.run(agent.configure_request(request.body(()).unwrap()).allow_non_standard_methods(true).build()),
        };
        let mut response = response.unwrap_or_else(|e| panic!("{method} {path}: {e}"));
        let mut body = Vec::new();
        response.body_mut().as_reader().read_to_end(&mut body).unwrap();
        Answer { status: response.status().as_u16(), headers: response.headers().clone(), body }
    }
    pub fn json(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.clone().with("Content-Type", "application/json").send(method, path, Some(body.to_string().into_bytes()))
    }
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.json("POST", path, body)
    }
    pub fn put(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.clone().with("If-Match", etag).json("PUT", path, body)
    }
    pub fn delete(&self, path: &str, etag: &str) -> Answer {
        self.clone().with("If-Match", etag).send("DELETE", path, None)
    }
}
