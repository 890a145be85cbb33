//! Prompts one after another, with pauses and for ever if wanted.
use super::Prompt;
use crate::codec::{Codec, FRAME_MS};
use std::sync::Arc;

/// A list of prompts and the place in it, in frames of 20 ms.
#[derive(Debug, Clone)]
pub struct Playlist {
    prompts: Vec<Arc<Prompt>>,
    repeat: bool,
    /// Silence after each prompt (before the next one), frames.
    gap: usize,
    current: usize,
    /// Next frame of the current prompt; beyond its end it counts the gap.
    frame: usize,
}

/// 20 ms of a play list.
#[derive(Debug, Clone, Copy)]
pub enum Frame<'a> {
    Audio {
        prompt: &'a Prompt,
        index: usize,
    },
    /// A pause between two prompts.
    Silence,
}

impl<'a> Frame<'a> {
    /// The encoded frame, if it is audio and its prompt is prepared for the codec.
    pub fn payload(&self, codec: Codec) -> Option<&'a [u8]> {
        match self {
            Frame::Audio { prompt, index } => prompt.payload(codec, *index),
            Frame::Silence => None,
        }
    }

    /// The samples at 8000 or 16 000 Hz; none for a pause.
    pub fn pcm(&self, rate: u32) -> Option<&'a [i16]> {
        match self {
            Frame::Audio { prompt, index } => prompt.pcm_frame(rate, *index),
            Frame::Silence => None,
        }
    }
}

impl Playlist {
    /// `gap_ms` of silence after each prompt except the last of a list that does not repeat.
    pub fn new(prompts: Vec<Arc<Prompt>>, repeat: bool, gap_ms: u32) -> Self {
        Self { prompts, repeat, gap: gap_ms.div_ceil(FRAME_MS) as usize, current: 0, frame: 0 }
    }

    /// The next 20 ms; none when the list is through (an empty list is so from the start, also when it repeats).
    pub fn next_frame(&mut self) -> Option<Frame<'_>> {
        let frames = self.prompts.get(self.current)?.frames();
        let at = self.frame;
        self.frame += 1;
        let last = self.current + 1 == self.prompts.len();
        let gap = if last && !self.repeat { 0 } else { self.gap };
        let played = self.current;
        if self.frame >= frames + gap {
            self.frame = 0;
            self.current = if last && self.repeat { 0 } else { self.current + 1 };
        }
        Some(if at < frames { Frame::Audio { prompt: &self.prompts[played], index: at } } else { Frame::Silence })
    }

    pub fn is_done(&self) -> bool {
        self.current >= self.prompts.len()
    }

    /// Prompt (its index in the list) and milliseconds into it.
    pub fn position(&self) -> (usize, u64) {
        (self.current, self.frame as u64 * u64::from(FRAME_MS))
    }

    /// What comes next without moving on: used to resume hold music where it was cut.
    pub fn rewind(&mut self) {
        (self.current, self.frame) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(value: i16, frames: usize) -> Arc<Prompt> {
        Arc::new(Prompt::from_pcm(&vec![value; frames * 160], 8000).unwrap())
    }

    fn run(list: &mut Playlist, max: usize) -> Vec<i16> {
        let mut got = Vec::new();
        while got.len() < max {
            match list.next_frame() {
                Some(frame) => got.push(frame.pcm(8000).map_or(-1, |pcm| pcm[80])),
                None => break,
            }
        }
        got
    }

    #[test]
    fn plays_in_order_with_gaps_and_ends() {
        let mut list = Playlist::new(vec![prompt(10, 2), prompt(20, 1)], false, 40);
        assert_eq!(run(&mut list, 100), [10, 10, -1, -1, 20]);
        assert!(list.is_done() && list.next_frame().is_none());
    }

    #[test]
    fn repeats_for_ever() {
        let mut list = Playlist::new(vec![prompt(10, 2), prompt(20, 1)], true, 20);
        assert_eq!(run(&mut list, 11), [10, 10, -1, 20, -1, 10, 10, -1, 20, -1, 10]);
        assert_eq!(list.position(), (0, 20));
    }

    #[test]
    fn an_empty_list_is_done_at_once() {
        assert!(Playlist::new(Vec::new(), true, 20).next_frame().is_none());
    }
}
