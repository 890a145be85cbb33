//! Sans-IO media: RTP/RTCP for phone legs, WebRTC for browser legs, codecs, DTMF, prompts, mixing and recording.
//! Nothing here opens a socket, reads a clock or blocks; `session::Session` is what a worker thread drives.

// What a packet is.
pub mod rtcp;
pub mod rtp;
// Samples and codecs.
pub mod codec;
pub mod dtmf;
pub mod player;
pub mod resample;
pub mod tone;
pub mod wav;
// One leg's receive and send sides.
pub mod jitter;
pub mod latch;
pub mod quality;
pub mod rewrite;
pub mod telephone_event;
pub mod webrtc;
// The call.
pub mod mix;
pub mod recording;
pub mod session;

#[cfg(test)]
mod testing;
