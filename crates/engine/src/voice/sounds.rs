//! What is played: configured prompts and tones, loaded once off the call path, and the play lists made of them.
use super::assets;
use super::cell::{CallCell, PendingPlay};
use super::driver::{Driver, Inbox};
use crate::customers::Customers;
use domain::call::{Input, PersonalSound, Sound, Tone};
use domain::config::{Locale, Prompt as PromptConfig};
use domain::estimate::Spoken;
use domain::{CallId, LegId};
use media::codec::Codec;
use media::player::Prompt;
use media::session::{Command as Media, Play};
use media::tone::{self, Country, Kind};
use std::collections::HashMap;
use std::sync::Arc;

/// A tone that is heard once lasts about this long.
const TONE_ONCE_MS: u64 = 3_000;
/// Positions up to this are said as a number; beyond it only that all agents are busy.
const POSITION_MAX: u32 = 20;
const TONE_RATE_HZ: u32 = 8_000;
/// Played instead of a prompt that cannot be had, so that a caller is never left in silence.
const COUNTRY: Country = Country::China;

/// A finished attempt to load a sound; none: it cannot be had.
pub(super) struct Loaded {
    key: String,
    revision: u64,
    prompt: Option<Arc<Prompt>>,
}

enum Slot {
    Loading,
    Ready(Arc<Prompt>),
    Missing,
}

#[derive(Default)]
pub(super) struct Sounds {
    prompts: HashMap<String, (PromptConfig, Slot)>,
    pieces: HashMap<String, Option<Arc<Prompt>>>,
    tones: HashMap<&'static str, Arc<Prompt>>,
    waiting: Vec<CallId>,
    revision: u64,
}

impl Sounds {
    fn tone(&mut self, tone: Tone) -> Option<Arc<Prompt>> {
        let (name, kind) = match tone {
            Tone::Ringback => ("ringback", Kind::Ringback),
            Tone::Busy => ("busy", Kind::Busy),
            Tone::Congestion => ("congestion", Kind::Congestion),
            Tone::Beep => ("beep", Kind::Beep),
        };
        if let Some(prompt) = self.tones.get(name) {
            return Some(prompt.clone());
        }
        let prompt = Arc::new(Prompt::from_pcm(&tone::render(kind, COUNTRY, TONE_RATE_HZ), TONE_RATE_HZ).ok()?);
        prepare(&prompt);
        self.tones.insert(name, prompt.clone());
        Some(prompt)
    }

    /// A built-in piece of an announcement.
    fn piece(&mut self, name: String) -> Option<Arc<Prompt>> {
        self.pieces.entry(name).or_insert_with_key(|name| load_wav(&assets::find(name)?).map(Arc::new)).clone()
    }

    fn position(&mut self, position: u32, language: Locale) -> Vec<Arc<Prompt>> {
        position_pieces(position, language).into_iter().filter_map(|name| self.piece(name)).collect()
    }

    /// The prompts of a list; none while one of them is still being loaded.
    fn list(&mut self, sounds: &[Sound], personal: Option<&Arc<Prompt>>, repeat: bool) -> Option<Vec<Arc<Prompt>>> {
        let mut list = Vec::with_capacity(sounds.len());
        for sound in sounds {
            match sound {
                Sound::Prompt(key) => match self.prompts.get(key) {
                    Some((_, Slot::Ready(prompt))) => list.push(prompt.clone()),
                    Some((_, Slot::Loading)) => return None,
                    // An unknown or broken prompt is heard as a tone: silence would look like a dead line.
                    Some((_, Slot::Missing)) | None => list.extend(self.tone(Tone::Ringback)),
                },
                Sound::Position { position, language } => list.extend(self.position(*position, *language)),
                Sound::Personal(_) => list.extend(personal.cloned()),
                Sound::Wait { wait, language } => list.extend(self.piece(wait_piece(*wait, *language))),
                Sound::Tone(tone) => {
                    let once = self.tone(*tone)?;
                    let times = if repeat || *tone == Tone::Beep { 1 } else { TONE_ONCE_MS.div_ceil(once.duration_ms().max(1)) };
                    list.extend(std::iter::repeat_n(once, times as usize));
                }
            }
        }
        Some(list)
    }
}

impl Driver {
    pub fn play(&mut self, cell: &mut CallCell, leg: LegId, play: u32, sounds: Vec<Sound>, repeat: bool) {
        cell.plays.retain(|p| p.leg != leg);
        let Some(media) = cell.media_of(leg) else { return };
        match self.sounds.list(&sounds, cell.personal.as_ref(), repeat) {
            Some(prompts) if prompts.is_empty() => {
                if !repeat {
                    cell.pending.push_back(Input::Played { leg, play });
                }
            }
            Some(prompts) => {
                cell.media(Media::Play { leg: media, play: Play { prompts, repeat, interruptible: false, token: u64::from(play) } });
            }
            None => {
                cell.plays.push(PendingPlay { leg, play, sounds, repeat });
                self.sounds.waiting.push(cell.id);
            }
        }
    }

    /// Looks for what is to be said to this caller alone, and has it spoken, while they hear the welcome.
    pub fn find_announcement(&self, cell: &CallCell) {
        let row = cell.machine.interaction();
        let number = row.number.and_then(|n| self.directory.number_by_id(n)).filter(|n| n.announcement_wait_ms > 0);
        let Some(language) = number.map(|n| n.language) else { return };
        let (call, remote) = (cell.id, row.remote.clone());
        let (customers, inbox) = (self.ctx.customers.clone(), self.inbox.clone());
        self.runtime.spawn(async move {
            let prompt = match customers.find(remote.reveal()).await {
                Some(customer) => announcement(&customers, customer.customer, language).await,
                None => None,
            };
            // A driver that is gone needs no sounds.
            let _ = inbox.send(Inbox::Personal(call, prompt)).await;
        });
    }

    /// The one sound made for a call has the number 0.
    pub fn on_personal(&mut self, call: CallId, prompt: Option<Arc<Prompt>>) {
        self.with_call(call, |_, cell| {
            let sound = prompt.is_some().then_some(PersonalSound(0));
            cell.personal = prompt;
            cell.pending.push_back(Input::Announcement { sound });
        });
    }

    pub fn stop_play(&mut self, cell: &mut CallCell, leg: LegId) {
        cell.plays.retain(|p| p.leg != leg);
        if let Some(leg) = cell.media_of(leg) {
            cell.media(Media::Stop { leg });
        }
    }

    /// Loads new and changed prompts of the set-up; what is loaded and unchanged stays.
    pub fn follow_sounds(&mut self) {
        let setup = self.ctx.setup.load_full();
        self.sounds.revision += 1;
        self.sounds.prompts.retain(|key, _| setup.prompts.iter().any(|p| p.key == *key));
        for prompt in &setup.prompts {
            let same = self.sounds.prompts.get(&prompt.key).is_some_and(|(known, _)| known.source == prompt.source);
            if !same {
                self.sounds.prompts.insert(prompt.key.clone(), (prompt.clone(), Slot::Loading));
                self.load(prompt.clone());
            }
        }
    }

    fn load(&self, config: PromptConfig) {
        let (store, inbox, revision) = (self.ctx.store.clone(), self.inbox.clone(), self.sounds.revision);
        self.runtime.spawn(async move {
            let key = config.key.clone();
            let wav = super::speech::source(&store, &config.source).await;
            let prompt = match wav {
                // Resampling and encoding take a while: not on an async thread.
                Some(wav) => tokio::task::spawn_blocking(move || load_wav(&wav)).await.ok().flatten().map(Arc::new),
                None => None,
            };
            if prompt.is_none() {
                tracing::warn!(prompt = key, "prompt cannot be played; a tone takes its place");
            }
            // A driver that is gone needs no sounds.
            let _ = inbox.send(Inbox::Sound(Loaded { key, revision, prompt })).await;
        });
    }

    pub fn on_sound(&mut self, loaded: Loaded) {
        let Some((_, slot)) = self.sounds.prompts.get_mut(&loaded.key).filter(|_| loaded.revision <= self.sounds.revision) else { return };
        *slot = loaded.prompt.map_or(Slot::Missing, Slot::Ready);
        for call in std::mem::take(&mut self.sounds.waiting) {
            self.with_call(call, |d, cell| {
                for p in std::mem::take(&mut cell.plays) {
                    d.play(cell, p.leg, p.play, p.sounds, p.repeat);
                }
            });
        }
    }
}

async fn announcement(customers: &Customers, customer: domain::CustomerId, language: Locale) -> Option<Arc<Prompt>> {
    let text = customers.announcement(customer).await?;
    let wav = super::speech::personal(&text, language).await?;
    // Resampling and encoding take a while: not on an async thread.
    tokio::task::spawn_blocking(move || load_wav(&wav)).await.ok().flatten().map(Arc::new)
}

fn load_wav(wav: &[u8]) -> Option<Prompt> {
    let prompt = Prompt::from_wav(wav).inspect_err(|error| tracing::warn!(%error, "prompt not readable")).ok()?;
    prepare(&prompt);
    Some(prompt)
}

/// Encodes for all phone codecs now, so that no media thread has to.
fn prepare(prompt: &Prompt) {
    for codec in [Codec::Pcma, Codec::Pcmu, Codec::G722] {
        prompt.prepare(codec);
    }
}

/// Names of the pieces of "you are number n in the queue".
fn position_pieces(position: u32, language: Locale) -> Vec<String> {
    if position == 0 || position > POSITION_MAX {
        return vec!["queue_comfort".to_owned()];
    }
    let prefix = match language {
        Locale::ZhCn => "",
        Locale::En => "en_",
    };
    ["position_before".to_owned(), format!("number_{position}"), "position_after".to_owned()]
        .map(|piece| format!("{prefix}{piece}"))
        .to_vec()
}

/// Name of the piece that says a waiting time.
fn wait_piece(wait: Spoken, language: Locale) -> String {
    let prefix = match language {
        Locale::ZhCn => "",
        Locale::En => "en_",
    };
    match wait {
        Spoken::UnderOneMinute => format!("{prefix}wait_under_1"),
        Spoken::About { minutes } => format!("{prefix}wait_{minutes}"),
        Spoken::MoreThan { minutes } => format!("{prefix}wait_over_{minutes}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_has_its_pieces() {
        let mut sounds = Sounds::default();
        for (position, language) in (0..30).flat_map(|n| [(n, Locale::ZhCn), (n, Locale::En)]) {
            let list = sounds.position(position, language);
            assert_eq!(list.len(), if (1..=POSITION_MAX).contains(&position) { 3 } else { 1 }, "{position}");
        }
    }

    #[test]
    fn every_waiting_time_has_its_piece() {
        let mut sounds = Sounds::default();
        for (wait_ms, language) in (0..2_000).flat_map(|s| [(s * 1000, Locale::ZhCn), (s * 1000, Locale::En)]) {
            let wait = Spoken::of(wait_ms);
            assert_eq!(sounds.list(&[Sound::Wait { wait, language }], None, false).unwrap().len(), 1, "{wait:?}");
        }
    }

    #[test]
    fn an_unknown_prompt_is_a_tone_and_a_single_tone_ends() {
        let mut sounds = Sounds::default();
        assert_eq!(sounds.list(&[Sound::Prompt("nowhere".into())], None, false).unwrap().len(), 1);
        let busy = sounds.list(&[Sound::Tone(Tone::Busy)], None, false).unwrap();
        assert!(busy.iter().map(|p| p.duration_ms()).sum::<u64>() >= TONE_ONCE_MS);
        assert_eq!(sounds.list(&[Sound::Tone(Tone::Busy)], None, true).unwrap().len(), 1);
    }
}
