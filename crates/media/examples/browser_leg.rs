//! A page and a browser leg behind it, to try the WebRTC side with a real browser and nothing else.
//!
//! `cargo run --release -p media --example browser_leg -- 127.0.0.1:8090 127.0.0.1:8091` serves a page whose microphone is
//! sent here while it hears a 700 Hz tone. One line per second says what arrives: packets and the share of 1000 Hz in them.
use media::codec::{Codec, DECODE_SAMPLES_MAX, Decoder, ENCODE_BYTES_MAX, Encoder};
use media::webrtc::{WebConfig, WebEvent, WebLeg, WebOutput};
use std::collections::VecDeque;
use std::f32::consts::TAU;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

const PAGE: &str = include_str!("browser_leg.html");
const BODY_MAX: usize = 65_536;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let http: SocketAddr = args.next().unwrap_or("127.0.0.1:8090".into()).parse()?;
    let rtp: SocketAddr = args.next().unwrap_or("127.0.0.1:8091".into()).parse()?;
    let codecs = args.filter_map(|name| Codec::ALL.into_iter().find(|c| c.rtp_name().eq_ignore_ascii_case(&name))).collect::<Vec<_>>();
    let config = WebConfig { codecs: if codecs.is_empty() { Codec::ALL.to_vec() } else { codecs }, ..WebConfig::new(vec![rtp]) };
    let socket = UdpSocket::bind(rtp)?;
    let (sender, legs) = sync_channel(4);
    std::thread::spawn(move || run_leg(&socket, rtp, &legs));
    eprintln!("open http://{http}/");
    for stream in TcpListener::bind(http)?.incoming() {
        if let Err(error) = serve(stream?, &config, &sender) {
            eprintln!("request failed: {error}");
        }
    }
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "this program is the driver that reads the clock")]
fn now() -> Instant {
    Instant::now()
}

fn serve(mut stream: TcpStream, config: &WebConfig, legs: &SyncSender<WebLeg>) -> Result<(), Box<dyn std::error::Error>> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut length) = (String::new(), 0usize);
    reader.read_line(&mut line)?;
    let post = line.starts_with("POST");
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? <= 2 {
            break;
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse::<usize>()?.min(BODY_MAX);
        }
    }
    let (kind, body) = if post {
        let mut offer = vec![0; length];
        reader.read_exact(&mut offer)?;
        let (leg, answer) = WebLeg::answer(std::str::from_utf8(&offer)?, config, now())?;
        legs.send(leg)?;
        ("application/sdp", answer)
    } else {
        ("text/html", PAGE.to_string())
    };
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())?;
    Ok(())
}

fn run_leg(socket: &UdpSocket, local: SocketAddr, legs: &Receiver<WebLeg>) {
    let mut leg = legs.recv().expect("the server thread lives as long as the process");
    let (mut encoder, mut decoder) = coders(&leg);
    let mut buffer = [0u8; 2048];
    let (mut frame, mut next_frame, mut heard) = (0u32, now(), VecDeque::new());
    loop {
        if let Ok(new) = legs.try_recv() {
            leg = new;
            (encoder, decoder) = coders(&leg);
        }
        let timeout = loop {
            match leg.poll_output() {
                WebOutput::Timeout(at) => break at,
                WebOutput::Transmit { to, datagram } => drop(socket.send_to(&datagram, to)),
                WebOutput::Event(WebEvent::Packet(packet)) => {
                    let mut pcm = [0i16; DECODE_SAMPLES_MAX];
                    if packet.payload_type == leg.payload_type() {
                        let n = decoder.decode_into(&packet.payload, &mut pcm).unwrap_or(0);
                        heard.extend(&pcm[..n]);
                    }
                }
                WebOutput::Event(event) => println!("{event:?}"),
            }
        };
        let wait = timeout.min(next_frame).saturating_duration_since(now()).max(Duration::from_micros(500));
        socket.set_read_timeout(Some(wait)).expect("a duration above zero is valid");
        match socket.recv_from(&mut buffer) {
            Ok((n, peer)) => leg.handle_datagram(now(), local, peer, &buffer[..n]),
            Err(_) => leg.handle_timeout(now()),
        }
        if now() >= next_frame {
            next_frame += Duration::from_millis(20);
            frame += 1;
            send_tone(&mut leg, &mut encoder, frame);
            if frame.is_multiple_of(50) {
                report(&leg, &mut heard);
            }
        }
    }
}

fn coders(leg: &WebLeg) -> (Encoder, Decoder) {
    let made = Encoder::new(leg.codec()).and_then(|e| Ok((e, Decoder::new(leg.codec())?)));
    made.expect("codecs can be set up")
}

fn send_tone(leg: &mut WebLeg, encoder: &mut Encoder, frame: u32) {
    let codec = encoder.codec();
    let (len, rate) = (codec.frame_samples(), codec.sample_rate() as f32);
    let pcm: Vec<i16> = (0..len).map(|i| (9000.0 * (TAU * 700.0 * ((frame as usize * len + i) as f32) / rate).sin()) as i16).collect();
    let mut payload = [0; ENCODE_BYTES_MAX];
    let n = encoder.encode_into(&pcm, &mut payload).unwrap_or(0);
    leg.send_audio(now(), frame.wrapping_mul(codec.frame_ticks()), frame == 1, &payload[..n]);
}

fn report(leg: &WebLeg, heard: &mut VecDeque<i16>) {
    let rate = leg.codec().sample_rate() as f32;
    let (mut re, mut im, mut energy) = (0f32, 0f32, 1f32);
    for (i, s) in heard.iter().enumerate() {
        let (angle, s) = (TAU * 1000.0 * i as f32 / rate, f32::from(*s));
        (re, im, energy) = (re + s * angle.cos(), im + s * angle.sin(), energy + s * s);
    }
    let share = 2.0 * (re * re + im * im) / (energy * heard.len().max(1) as f32);
    println!("{} samples={} share1000={share:.3} {:?}", leg.codec(), heard.len(), leg.stats());
    heard.clear();
}
