//! One call with both ends in this process: how long a relayed RTP packet takes, and whether any is lost.
//! The caller is 127.0.0.2, the agent `sip:probe@127.0.0.3:5072`; SIP is the few fixed messages that this needs.
use crate::sh::Result;
use serde_json::{Value, json};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(5);

/// Sends `packets` each way, one every 20 ms from alternating ends of a 40 ms cycle; delays in milliseconds.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
pub fn latency(sip: &str, number: &str, packets: u64) -> Result<Value> {
    let call = Call::establish(sip, number)?;
    let (mut delays, mut lost) = (Vec::with_capacity(packets as usize), 0u64);
    let started = Instant::now();
    call.rtp_caller.set_read_timeout(Some(Duration::from_millis(200))).map_err(text)?;
    call.rtp_agent.set_read_timeout(Some(Duration::from_millis(200))).map_err(text)?;
    for n in 0..packets {
        // Each end sends every 20 ms; only one direction is timed at a time so that this thread waits for one packet.
        let (from, to, target) = if n % 2 == 0 {
            (&call.rtp_caller, &call.rtp_agent, call.media_caller)
        } else {
            (&call.rtp_agent, &call.rtp_caller, call.media_agent)
        };
        let packet = rtp((n / 2) as u16, (n / 2) as u32 * 320, 0x1000 + (n % 2) as u32);
        let sent = Instant::now();
        from.send_to(&packet, target).map_err(text)?;
        match receive(to, &packet[12..]) {
            true => delays.push(sent.elapsed().as_secs_f64() * 1e3),
            false => lost += 1,
        }
        let next = started + Duration::from_millis(25 * (n + 1));
        let now = Instant::now();
        if next > now {
            // A socket nobody writes to is the clock: waiting on it blocks for exactly this long.
            call.idle.set_read_timeout(Some(next - now)).map_err(text)?;
            let _ = call.idle.recv(&mut [0; 1]);
        }
    }
    let window_s = started.elapsed().as_secs_f64();
    call.hang_up()?;
    delays.sort_by(f64::total_cmp);
    let at = |p: f64| delays.get(((delays.len() as f64 - 1.0) * p) as usize).map(|d| (d * 1000.0).round() / 1000.0);
    Ok(json!({"packets": packets, "lost": lost, "p50_ms": at(0.5), "p99_ms": at(0.99), "max_ms": at(1.0), "window_s": window_s}))
}

/// True when the payload came; packets of other payloads (left from before) are skipped.
fn receive(socket: &UdpSocket, payload: &[u8]) -> bool {
    let mut buffer = [0u8; 2048];
    for _ in 0..64 {
        match socket.recv(&mut buffer) {
            Ok(n) if n > 12 && &buffer[12..n] == payload => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    false
}

fn rtp(sequence: u16, timestamp: u32, ssrc: u32) -> Vec<u8> {
    let mut p = vec![0x80, 0];
    p.extend_from_slice(&sequence.to_be_bytes());
    p.extend_from_slice(&timestamp.to_be_bytes());
    p.extend_from_slice(&ssrc.to_be_bytes());
    p.extend((0..160u32).map(|i| ((u32::from(sequence) * 31 + ssrc + i * 7) % 251) as u8));
    p
}

struct Call {
    sip_caller: UdpSocket,
    sip_agent: UdpSocket,
    rtp_caller: UdpSocket,
    rtp_agent: UdpSocket,
    idle: UdpSocket,
    peer: SocketAddr,
    media_caller: SocketAddr,
    media_agent: SocketAddr,
    number: String,
    to: String,
    contact: String,
    id: String,
}

impl Call {
    fn establish(sip: &str, number: &str) -> Result<Self> {
        let peer: SocketAddr = sip.parse().map_err(|e| format!("{sip}: {e}"))?;
        let (sip_caller, sip_agent) = (bind("127.0.0.2:0")?, bind("127.0.0.3:5072")?);
        let (rtp_caller, rtp_agent) = (bind("127.0.0.2:0")?, bind("127.0.0.3:0")?);
        let own = sip_caller.local_addr().map_err(text)?;
        let id = format!("probe-{}-{}", std::process::id(), own.port());
        let invite = format!(
            "INVITE sip:{number}@{peer} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bK{id};rport\r\nMax-Forwards: 70\r\nFrom: <sip:probe@{own}>;tag=a{id}\r\nTo: <sip:{number}@{peer}>\r\nCall-ID: {id}\r\nCSeq: 1 INVITE\r\nContact: <sip:probe@{own}>\r\n{}",
            with_body(&sdp(&rtp_caller)?)
        );
        sip_caller.send_to(invite.as_bytes(), peer).map_err(text)?;
        let media_agent = answer_agent(&sip_agent, &rtp_agent)?;
        let ok = loop {
            let (message, _) = message(&sip_caller)?;
            let status: u16 = message.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
            match status {
                100..=199 => {}
                200 => break message,
                _ => return Err(format!("the probe's call to {number} was answered {}", message.lines().next().unwrap_or_default())),
            }
        };
        let to = header(&ok, "To").ok_or("200 without To")?;
        let contact = header(&ok, "Contact").ok_or("200 without Contact")?;
        let contact = contact.trim_start_matches(['<', ' ']).split('>').next().unwrap_or_default().to_owned();
        let call = Self {
            media_caller: media(&ok)?,
            sip_caller,
            sip_agent,
            rtp_caller,
            rtp_agent,
            idle: bind("127.0.0.1:0")?,
            peer,
            media_agent,
            number: number.into(),
            to,
            contact,
            id,
        };
        call.request("ACK", 1)?;
        Ok(call)
    }

    fn request(&self, method: &str, cseq: u32) -> Result {
        let own = self.sip_caller.local_addr().map_err(text)?;
        let Self { contact, id, to, peer, .. } = self;
        let request = format!(
            "{method} {contact} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bK{id}{method};rport\r\nMax-Forwards: 70\r\nFrom: <sip:probe@{own}>;tag=a{id}\r\nTo: {to}\r\nCall-ID: {id}\r\nCSeq: {cseq} {method}\r\nContent-Length: 0\r\n\r\n"
        );
        self.sip_caller.send_to(request.as_bytes(), peer).map_err(text).map(drop)
    }

    fn hang_up(&self) -> Result {
        self.request("BYE", 2)?;
        loop {
            let (message, from) = message(&self.sip_agent).map_err(|e| format!("waiting for BYE of {}: {e}", self.number))?;
            if message.starts_with("BYE ") {
                let response = reply(&message, "200 OK", "", "Content-Length: 0\r\n\r\n");
                return self.sip_agent.send_to(response.as_bytes(), from).map_err(text).map(drop);
            }
        }
    }
}

/// Plays the agent: 200 with SDP to the INVITE; where to send the agent's media.
fn answer_agent(sip: &UdpSocket, rtp: &UdpSocket) -> Result<SocketAddr> {
    loop {
        let (invite, from) = message(sip).map_err(|e| format!("waiting for the INVITE at the agent: {e}"))?;
        if !invite.starts_with("INVITE ") {
            continue;
        }
        let own = sip.local_addr().map_err(text)?;
        let tail = format!("Contact: <sip:probe@{own}>\r\n{}", with_body(&sdp(rtp)?));
        sip.send_to(reply(&invite, "200 OK", ";tag=agent", &tail).as_bytes(), from).map_err(text)?;
        return media(&invite);
    }
}

fn reply(request: &str, status: &str, tag: &str, tail: &str) -> String {
    let mut out = format!("SIP/2.0 {status}\r\n");
    for line in request.lines().take_while(|l| !l.is_empty()) {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "via" | "from" | "call-id" | "cseq" | "record-route" => out += &format!("{line}\r\n"),
            "to" => out += &format!("{line}{tag}\r\n"),
            _ => {}
        }
    }
    out + tail
}

fn sdp(rtp: &UdpSocket) -> Result<String> {
    let a = rtp.local_addr().map_err(text)?;
    Ok(format!(
        "v=0\r\no=probe 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\n",
        ip = a.ip(),
        port = a.port()
    ))
}

fn with_body(body: &str) -> String {
    format!("Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn media(message: &str) -> Result<SocketAddr> {
    let ip = message.lines().find_map(|l| l.strip_prefix("c=IN IP4 ")).ok_or("SDP without address")?;
    let port = message.lines().find_map(|l| l.strip_prefix("m=audio ")?.split(' ').next()).ok_or("SDP without audio")?;
    format!("{}:{port}", ip.trim()).parse().map_err(|e| format!("media address: {e}"))
}

fn header(message: &str, name: &str) -> Option<String> {
    message.lines().take_while(|l| !l.is_empty()).find_map(|l| l.strip_prefix(name)?.strip_prefix(':').map(|v| v.trim().to_owned()))
}

fn message(socket: &UdpSocket) -> Result<(String, SocketAddr)> {
    let mut buffer = [0u8; 8192];
    socket.set_read_timeout(Some(PATIENCE)).map_err(text)?;
    let (n, from) = socket.recv_from(&mut buffer).map_err(text)?;
    Ok((String::from_utf8_lossy(&buffer[..n]).into_owned(), from))
}

fn bind(address: &str) -> Result<UdpSocket> {
    UdpSocket::bind(address).map_err(|e| format!("{address}: {e}"))
}

fn text(e: std::io::Error) -> String {
    e.to_string()
}
