//! A throw-away PostgreSQL for the store's tests: initdb in a temporary folder, loopback, gone afterwards.
use crate::sh::{Result, output, run, step};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Postgres {
    bin: PathBuf,
    folder: PathBuf,
    pub url: String,
}

/// Debian's newest server, started on a free port with fsync off: the data lives as long as the tests.
pub fn start() -> Result<Postgres> {
    let bin = newest_bin().ok_or("PostgreSQL is not installed (Debian package postgresql)")?;
    let folder = PathBuf::from(output(Command::new("mktemp").args(["-d", "-t", "zhiyin-pg-XXXXXX"]))?.trim());
    let port = free_port()?;
    step(&format!("postgres: {} on 127.0.0.1:{port}", bin.display()));
    if is_root() {
        run(Command::new("chown").arg("postgres").arg(&folder))?;
    }
    let data = folder.join("data");
    quiet(as_server(&bin.join("initdb")).args(["-D"]).arg(&data).args(["-U", "zhiyin", "--auth=trust", "-E", "UTF8", "--no-sync"]))?;
    let options = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync=off -c full_page_writes=off -c max_connections=200",
        folder.display()
    );
    quiet(as_server(&bin.join("pg_ctl")).args(["-w", "-D"]).arg(&data).arg("-l").arg(folder.join("log")).args(["-o", &options, "start"]))?;
    Ok(Postgres { bin, folder, url: format!("postgres://zhiyin@127.0.0.1:{port}/postgres") })
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = quiet(as_server(&self.bin.join("pg_ctl")).args(["-w", "-m", "immediate", "-D"]).arg(self.folder.join("data")).arg("stop"));
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The server refuses to run as root: then it runs as Debian's `postgres` user.
fn as_server(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
    command
}

fn quiet(command: &mut Command) -> Result {
    run(command.stdout(Stdio::null()))
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|s| s.trim() == "0")
}

fn newest_bin() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(|e| Some(e.ok()?.path().join("bin"))).collect();
    found.retain(|p| p.join("initdb").exists());
    found.sort();
    found.pop()
}

fn free_port() -> Result<u16> {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    Ok(socket.local_addr().map_err(|e| e.to_string())?.port())
}
