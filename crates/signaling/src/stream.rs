//! Cutting SIP messages out of a byte stream (RFC 3261 §18.3). Bounded: at most one unfinished message is kept.
use crate::message::{framed_length, header_end};
use bytes::{Bytes, BytesMut};

/// What was cut out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// One whole message: header section and as many bytes of body as Content-Length says.
    Message(Bytes),
    /// The keep-alive of RFC 5626 §4.4.1 (two line ends): answer with one.
    Ping,
}

/// Why a stream cannot go on: the next message's start is unknown, so it has to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("message larger than allowed")]
    TooLarge,
    #[error("Content-Length is unusable")]
    ContentLength,
}

/// Collects bytes, gives messages.
#[derive(Debug)]
pub struct Framer {
    buf: BytesMut,
    message_bytes_max: usize,
    /// Up to here no end of the header section was found.
    searched: usize,
    /// Length of the whole message, once the header section is complete.
    need: Option<usize>,
}

impl Framer {
    pub fn new(message_bytes_max: usize) -> Framer {
        Framer { buf: BytesMut::new(), message_bytes_max, searched: 0, need: None }
    }

    /// Bytes that were read. Call [`Framer::next`] until it gives none before pushing more.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buf.extend_from_slice(bytes);
    }

    /// A message has begun and is not complete.
    pub fn is_partial(&self) -> bool {
        !self.buf.is_empty()
    }

    /// The next whole message, none until more bytes come.
    #[allow(clippy::should_implement_trait, reason = "an iterator would end at the first pause of the stream")]
    pub fn next(&mut self) -> Result<Option<Frame>, FrameError> {
        if self.need.is_none() {
            if let Some(ping) = self.skip_line_ends() {
                return Ok(Some(ping));
            }
            let Some(head_end) = header_end(&self.buf, self.searched) else {
                // A line end at the very end may be the first half of an empty line.
                self.searched = self.buf.len().saturating_sub(3);
                return if self.buf.len() > self.message_bytes_max { Err(FrameError::TooLarge) } else { Ok(None) };
            };
            let body = framed_length(&self.buf[..head_end]).map_err(|_| FrameError::ContentLength)?;
            let need = usize::try_from(body).ok().and_then(|b| b.checked_add(head_end)).filter(|n| *n <= self.message_bytes_max);
            self.need = Some(need.ok_or(FrameError::TooLarge)?);
        }
        match self.need {
            Some(need) if self.buf.len() >= need => {
                self.need = None;
                self.searched = 0;
                Ok(Some(Frame::Message(self.buf.split_to(need).freeze())))
            }
            _ => Ok(None),
        }
    }

    /// Line ends between messages: a pair of them is a ping.
    fn skip_line_ends(&mut self) -> Option<Frame> {
        if self.searched > 0 {
            return None;
        }
        if self.buf.starts_with(b"\r\n\r\n") {
            let _ = self.buf.split_to(4);
            return Some(Frame::Ping);
        }
        // One line end alone is left in place until it is known what follows.
        while self.buf.len() > 2 && self.buf.starts_with(b"\r\n") && !b"\r\n\r\n".starts_with(&self.buf[..self.buf.len().min(4)]) {
            let _ = self.buf.split_to(2);
        }
        while self.buf.first() == Some(&b'\n') {
            let _ = self.buf.split_to(1);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(framer: &mut Framer) -> Vec<Frame> {
        std::iter::from_fn(|| framer.next().expect("framed")).collect()
    }

    const TWO: &[u8] = b"OPTIONS sip:a SIP/2.0\r\nContent-Length : 5\r\n\r\nhello\r\n\r\nBYE sip:b SIP/2.0\r\nl:\r\n 2\r\n\r\nok\r\nACK sip:c SIP/2.0\r\n\r\n";

    /// A space before the colon and a folded value do not lose the frame, however the bytes arrive.
    #[test]
    fn any_split_gives_the_same_frames() {
        let mut whole = Framer::new(1000);
        whole.push(TWO);
        let want = all(&mut whole);
        assert_eq!(want.len(), 4, "{want:?}");
        assert!(matches!(&want[0], Frame::Message(m) if m.ends_with(b"hello")));
        assert_eq!(want[1], Frame::Ping);
        assert!(matches!(&want[2], Frame::Message(m) if m.starts_with(b"BYE") && m.ends_with(b"ok")));
        for step in 1..TWO.len() {
            let mut framer = Framer::new(1000);
            let mut got = Vec::new();
            for chunk in TWO.chunks(step) {
                framer.push(chunk);
                got.extend(all(&mut framer));
            }
            assert_eq!(got, want, "step {step}");
            assert!(!framer.is_partial());
        }
    }

    #[test]
    fn limits() {
        let mut framer = Framer::new(100);
        framer.push(&[b'x'; 101]);
        assert_eq!(framer.next(), Err(FrameError::TooLarge));
        for (length, want) in [
            ("18446744073709551615", FrameError::TooLarge),
            ("99999999999999999999999", FrameError::ContentLength),
            ("-1", FrameError::ContentLength),
            ("5\r\nl: 6", FrameError::ContentLength),
        ] {
            let mut framer = Framer::new(1000);
            framer.push(format!("BYE sip:b SIP/2.0\r\nContent-Length: {length}\r\n\r\n").as_bytes());
            assert_eq!(framer.next(), Err(want), "{length}");
        }
    }
}
