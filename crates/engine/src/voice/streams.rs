//! TCP connections of SIP: a reader and a writer task each, with bounded queues both ways.
use super::driver::Inbox;
use bytes::{Bytes, BytesMut};
use signaling::ConnId;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Messages waiting for one slow peer; beyond it the connection is closed.
pub const WRITE_QUEUE_LEN_MAX: usize = 256;
const READ_BYTES: usize = 16 * 1024;

#[derive(Debug)]
pub(super) enum StreamEvent {
    Connected(ConnId),
    Data(ConnId, Bytes),
    Closed(ConnId),
}

/// One open connection. Dropping it stops both tasks and closes the socket.
struct Conn {
    writes: mpsc::Sender<Bytes>,
    task: JoinHandle<()>,
}
impl Drop for Conn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(super) struct Streams {
    inbox: mpsc::Sender<Inbox>,
    conns: HashMap<ConnId, Conn>,
    accepted: u64,
}

impl Streams {
    pub fn new(inbox: mpsc::Sender<Inbox>) -> Self {
        Self { inbox, conns: HashMap::new(), accepted: 0 }
    }

    /// Takes over an accepted connection and names it.
    pub fn accept(&mut self, stream: TcpStream) -> ConnId {
        self.accepted += 1;
        let conn = ConnId(self.accepted);
        let (writes, queue) = mpsc::channel(WRITE_QUEUE_LEN_MAX);
        let task = tokio::spawn(serve(conn, stream, queue, self.inbox.clone()));
        self.conns.insert(conn, Conn { writes, task });
        conn
    }

    pub fn open(&mut self, conn: ConnId, from: IpAddr, peer: SocketAddr) {
        let (writes, queue) = mpsc::channel(WRITE_QUEUE_LEN_MAX);
        let inbox = self.inbox.clone();
        let task = tokio::spawn(async move {
            match connect(from, peer).await {
                Ok(stream) => {
                    let _ = inbox.send(Inbox::Stream(StreamEvent::Connected(conn))).await;
                    serve(conn, stream, queue, inbox).await;
                }
                Err(error) => {
                    tracing::debug!(%peer, %error, "SIP over TCP: not connected");
                    let _ = inbox.send(Inbox::Stream(StreamEvent::Closed(conn))).await;
                }
            }
        });
        self.conns.insert(conn, Conn { writes, task });
    }

    /// False when the peer reads too slowly or is gone: the connection is then closed.
    pub fn send(&mut self, conn: ConnId, bytes: Bytes) -> bool {
        let sent = self.conns.get(&conn).is_some_and(|c| c.writes.try_send(bytes).is_ok());
        if !sent {
            self.close(conn);
        }
        sent
    }

    pub fn close(&mut self, conn: ConnId) {
        self.conns.remove(&conn);
    }

    pub fn len(&self) -> usize {
        self.conns.len()
    }
}

async fn connect(from: IpAddr, peer: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = if peer.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if !from.is_unspecified() && from.is_ipv4() == peer.is_ipv4() {
        socket.bind(SocketAddr::new(from, 0))?;
    }
    socket.connect(peer).await
}

async fn serve(conn: ConnId, stream: TcpStream, mut queue: mpsc::Receiver<Bytes>, inbox: mpsc::Sender<Inbox>) {
    // Small requests must not wait for more; a socket that refuses this still works.
    let _ = stream.set_nodelay(true);
    let (mut reader, mut writer) = stream.into_split();
    let read = async {
        let mut buffer = BytesMut::with_capacity(READ_BYTES);
        while matches!(reader.read_buf(&mut buffer).await, Ok(1..)) {
            if inbox.send(Inbox::Stream(StreamEvent::Data(conn, buffer.split().freeze()))).await.is_err() {
                break;
            }
            buffer.reserve(READ_BYTES);
        }
    };
    let write = async {
        while let Some(bytes) = queue.recv().await {
            if writer.write_all(&bytes).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        () = read => {}
        () = write => {}
    }
    let _ = inbox.send(Inbox::Stream(StreamEvent::Closed(conn))).await;
}
