//! A level-triggered epoll with microsecond timeouts and an eventfd to wake it.
//!
//! Level-triggered on purpose: one `recv` a readiness event is enough then, where an edge-triggered poller has to read
//! until it is told that nothing is left: one system call more for nearly every packet.
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Events taken per call: about a millisecond of work, so that ticks are not kept waiting longer.
const EVENTS_MAX: usize = 128;
/// Token of the waker's own event; never seen outside.
const WAKE: u64 = u64::MAX;

pub(super) struct Poller {
    epoll: OwnedFd,
    waker: Arc<Waker>,
    events: Vec<libc::epoll_event>,
    /// The kernel has no `epoll_pwait2` (before 5.11).
    coarse: bool,
}

/// Ends a wait from another thread. Waking again before the poller has noticed costs nothing.
#[derive(Debug)]
pub(super) struct Waker {
    event: OwnedFd,
    signalled: AtomicBool,
}

impl Waker {
    pub fn wake(&self) {
        if !self.signalled.swap(true, Ordering::AcqRel) {
            let one = 1u64;
            // SAFETY: the descriptor is open as long as `self`, and the buffer is 8 bytes. Failure would mean that the
            // counter is full: then the poller is awake anyway.
            unsafe { libc::write(self.event.as_raw_fd(), (&raw const one).cast(), 8) };
        }
    }
}

fn check(result: libc::c_int) -> io::Result<libc::c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

impl Poller {
    pub fn new() -> io::Result<Self> {
        // SAFETY: both calls return fresh descriptors that nobody else owns.
        let (epoll, event) = unsafe {
            let epoll = OwnedFd::from_raw_fd(check(libc::epoll_create1(libc::EPOLL_CLOEXEC))?);
            (epoll, OwnedFd::from_raw_fd(check(libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK))?))
        };
        let waker = Arc::new(Waker { event, signalled: AtomicBool::new(false) });
        let poller = Self { epoll, waker, events: vec![libc::epoll_event { events: 0, u64: 0 }; EVENTS_MAX], coarse: false };
        poller.add(&poller.waker.event, WAKE)?;
        Ok(poller)
    }

    pub fn waker(&self) -> Arc<Waker> {
        self.waker.clone()
    }

    /// Watches a descriptor for input. Closing it ends that.
    pub fn add(&self, fd: &impl AsRawFd, token: u64) -> io::Result<()> {
        let mut event = libc::epoll_event { events: libc::EPOLLIN as u32, u64: token };
        // SAFETY: `event` lives through the call; a bad descriptor is an error, not undefined behaviour.
        check(unsafe { libc::epoll_ctl(self.epoll.as_raw_fd(), libc::EPOLL_CTL_ADD, fd.as_raw_fd(), &raw mut event) })?;
        Ok(())
    }

    /// Waits for input, a wake-up or the end of `timeout`; puts the tokens that are ready into `ready`. True: woken.
    pub fn wait(&mut self, timeout: Duration, ready: &mut Vec<u64>) -> io::Result<bool> {
        ready.clear();
        let n = match self.wait_raw(timeout) {
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => 0,
            Err(e) => return Err(e),
        };
        let mut woken = false;
        for event in &self.events[..n] {
            let token = event.u64;
            if token == WAKE { woken = true } else { ready.push(token) }
        }
        if woken {
            let mut count = 0u64;
            // SAFETY: 8 bytes into a u64. It cannot block; an empty counter is no harm.
            unsafe { libc::read(self.waker.event.as_raw_fd(), (&raw mut count).cast(), 8) };
            self.waker.signalled.store(false, Ordering::Release);
        }
        Ok(woken)
    }

    fn wait_raw(&mut self, timeout: Duration) -> io::Result<usize> {
        let (fd, room) = (self.epoll.as_raw_fd(), EVENTS_MAX as libc::c_int);
        if !self.coarse {
            let spec = libc::timespec { tv_sec: timeout.as_secs() as libc::time_t, tv_nsec: timeout.subsec_nanos().into() };
            // SAFETY: the event buffer has EVENTS_MAX entries and `spec` lives through the call; no signal mask is given.
            let n = unsafe {
                libc::syscall(
                    libc::SYS_epoll_pwait2,
                    fd,
                    self.events.as_mut_ptr(),
                    room,
                    &raw const spec,
                    std::ptr::null::<libc::sigset_t>(),
                    0usize,
                )
            };
            if n >= 0 {
                return Ok(n as usize);
            }
            let error = io::Error::last_os_error();
            if error.raw_os_error() != Some(libc::ENOSYS) {
                return Err(error);
            }
            self.coarse = true;
        }
        let ms = timeout.as_micros().div_ceil(1000).min(60_000) as libc::c_int;
        // SAFETY: as above.
        Ok(check(unsafe { libc::epoll_wait(fd, self.events.as_mut_ptr(), room, ms) })? as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;

    #[test]
    fn input_and_wake_ups_end_a_wait() {
        let mut poller = Poller::new().unwrap();
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        poller.add(&socket, 7).unwrap();
        let mut ready = Vec::new();
        assert!(!poller.wait(Duration::ZERO, &mut ready).unwrap());
        assert!(ready.is_empty());
        poller.waker().wake();
        poller.waker().wake();
        assert!(poller.wait(Duration::from_secs(10), &mut ready).unwrap());
        socket.send_to(b"x", socket.local_addr().unwrap()).unwrap();
        assert!(!poller.wait(Duration::from_secs(10), &mut ready).unwrap());
        assert_eq!(ready, [7]);
        assert!(!poller.wait(Duration::from_micros(300), &mut ready).unwrap());
        assert_eq!(ready, [7], "still readable");
    }
}
