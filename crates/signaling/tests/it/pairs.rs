//! Two endpoints over a bad network: whatever is lost, doubled or overtaken, both sides come to the same end.
use crate::net::*;
use bytes::Bytes;
use signaling::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Story {
    /// Answered, later hung up by the caller.
    Call,
    /// Answered, later hung up by the callee.
    CalleeEnds,
    Rejected,
    /// CANCEL and answer at about the same time.
    CancelRace,
    /// The caller puts on hold and takes back.
    Hold,
    /// Both sides offer at about the same time.
    Glare,
    /// Both sides hang up at about the same time.
    CrossedBye,
    /// Ten digits by INFO.
    Digits,
}

const STORIES: [Story; 8] =
    [Story::Call, Story::CalleeEnds, Story::Rejected, Story::CancelRace, Story::Hold, Story::Glare, Story::CrossedBye, Story::Digits];
const SEEDS: u64 = 60;
const CALLER: DialogKey = DialogKey(1);

/// What each side saw.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    calls: usize,
    answered: bool,
    ends: Vec<String>,
    offers_settled: Vec<u16>,
    offers_seen: usize,
    digits: usize,
}

struct Play {
    net: Net,
    story: Story,
    callee: Option<DialogKey>,
    seen: [Seen; 2],
    /// Things to do: time, node, what.
    plan: Vec<(Time, usize, Step)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Ring,
    Answer,
    Reject,
    Cancel,
    Offer,
    Digit,
    Bye,
}

impl Play {
    fn new(story: Story, seed: u64, weather: Weather) -> Play {
        let mut net = Net::new(2, seed);
        net.weather = weather;
        Play { net, story, callee: None, seen: Default::default(), plan: Vec::new() }
    }

    fn after(&mut self, from_ms: u64, spread_ms: u64, node: usize, step: Step) {
        let ms = from_ms + self.net.chance.below(spread_ms + 1);
        self.plan.push((self.net.now.plus_ms(ms), node, step));
        self.plan.sort();
        self.plan.reverse();
    }

    fn key(&self, node: usize) -> Option<DialogKey> {
        if node == 0 { Some(CALLER) } else { self.callee }
    }

    /// A command may come too late (the leg is gone): that is part of every race.
    fn perform(&mut self, node: usize, step: Step) {
        let Some(key) = self.key(node) else { return };
        let sdp = Bytes::from_static(OFFER);
        let command = match step {
            Step::Ring => Command::Provisional { key, status: 180, sdp: None, headers: vec![] },
            Step::Answer => Command::Answer { key, answer: answer() },
            Step::Reject => Command::Reject { key, status: 486, reason: None, headers: vec![] },
            Step::Cancel => Command::Cancel { key, reason: None },
            Step::Offer => Command::ReInvite { key, sdp },
            Step::Digit => Command::Info { key, content_type: "application/dtmf".into(), body: Bytes::from_static(b"5") },
            Step::Bye => Command::Bye { key, reason: None },
        };
        match self.net.try_command(node, command) {
            // The answer was faster: what was to be cancelled is hung up.
            Err(CommandError::State) if step == Step::Cancel => self.perform(node, Step::Bye),
            Ok(()) | Err(CommandError::Unknown | CommandError::State) => {}
            Err(error) => panic!("{step:?}: {error}"),
        }
    }

    fn react(&mut self, node: usize) {
        for event in std::mem::take(&mut self.net.nodes[node].events) {
            let seen = &mut self.seen[node];
            match event {
                Event::IncomingInvite(invite) => {
                    seen.calls += 1;
                    self.callee = Some(invite.key);
                    self.on_call();
                }
                Event::Answered { .. } => {
                    seen.answered = true;
                    self.on_answered();
                }
                Event::Acked { .. } => seen.answered = true,
                Event::ReInvite { key, .. } => {
                    seen.offers_seen += 1;
                    self.net.command(node, Command::AnswerReInvite { key, answer: answer() });
                }
                Event::ReInviteResult { status, .. } => seen.offers_settled.push(status),
                Event::Info { .. } => seen.digits += 1,
                Event::Failed { status, .. } => seen.ends.push(format!("failed {status}")),
                Event::Ended { by, .. } => seen.ends.push(format!("{by:?}")),
                Event::Provisional { .. } => {}
                other => panic!("unexpected {}", name(&other)),
            }
        }
    }

    fn on_call(&mut self) {
        match self.story {
            Story::CancelRace => self.after(100, 2_000, 1, Step::Answer),
            Story::Rejected => self.after(0, 3_000, 1, Step::Reject),
            _ => {
                self.after(0, 300, 1, Step::Ring);
                self.after(300, 3_000, 1, Step::Answer);
            }
        }
    }

    fn on_answered(&mut self) {
        // Long enough apart that even many losses in a row do not mix the steps.
        match self.story {
            Story::Call => self.after(0, 5_000, 0, Step::Bye),
            Story::CalleeEnds => self.after(0, 5_000, 1, Step::Bye),
            Story::Hold => {
                self.after(0, 3_000, 0, Step::Offer);
                self.after(40_000, 100, 0, Step::Offer);
                self.after(80_000, 100, 0, Step::Bye);
            }
            Story::Glare => {
                self.after(4_000, 300, 0, Step::Offer);
                self.after(4_000, 300, 1, Step::Offer);
                self.after(100_000, 100, 0, Step::Bye);
            }
            Story::CrossedBye => {
                self.after(2_000, 200, 0, Step::Bye);
                self.after(2_000, 200, 1, Step::Bye);
            }
            Story::Digits => {
                for i in 0..10 {
                    self.after(5_000 + 500 * i, 0, 0, Step::Digit);
                }
                self.after(60_000, 100, 0, Step::Bye);
            }
            Story::Rejected | Story::CancelRace => {}
        }
    }

    fn run(mut self) -> ([Seen; 2], Net) {
        self.net.command(0, Command::Invite(Box::new(invite(CALLER.0, 1))));
        if self.story == Story::CancelRace {
            self.after(100, 2_000, 0, Step::Cancel);
        }
        let end = self.net.now.plus_ms(600_000);
        loop {
            let due = self.plan.last().map_or(end, |(at, _, _)| *at);
            if !self.net.step(due) {
                self.net.now = due;
                match self.plan.pop() {
                    Some((_, node, step)) => self.perform(node, step),
                    None => break,
                }
            }
            self.react(0);
            self.react(1);
        }
        (self.seen, self.net)
    }
}

fn check(story: Story, seed: u64, weather: Weather) {
    let (seen, mut net) = Play::new(story, seed, weather).run();
    let about = format!("{story:?} seed {seed}: {seen:?}");
    for node in &mut net.nodes {
        let stats = node.endpoint.stats();
        assert_eq!((stats.dialogs, stats.transactions), (0, 0), "{about}");
        assert_eq!(node.endpoint.poll_timeout(), None, "{about}");
    }
    let [caller, callee] = &seen;
    assert_eq!((caller.ends.len(), callee.ends.len(), callee.calls), (1, 1, 1), "{about}");
    let ends = (caller.ends[0].as_str(), callee.ends[0].as_str());
    match story {
        Story::Call => assert_eq!(ends, ("Local", "Remote"), "{about}"),
        Story::CalleeEnds => assert_eq!(ends, ("Remote", "Local"), "{about}"),
        Story::Rejected => assert_eq!(ends, ("failed 486", "Local"), "{about}"),
        Story::CancelRace => assert!(matches!(ends, ("failed 487" | "Local", "Remote")), "{about}"),
        Story::Hold | Story::Glare | Story::Digits => {
            assert_eq!(ends, ("Local", "Remote"), "{about}");
        }
        Story::CrossedBye => assert!(matches!(ends, ("Local", "Local" | "Remote") | ("Remote", "Local")), "{about}"),
    }
    match story {
        Story::Hold => assert_eq!((&caller.offers_settled[..], callee.offers_seen), (&[200, 200][..], 2), "{about}"),
        Story::Glare => assert_eq!((&caller.offers_settled[..], &callee.offers_settled[..]), (&[200][..], &[200][..]), "{about}"),
        Story::Digits => assert_eq!(callee.digits, 10, "{about}"),
        _ => {}
    }
}

#[test]
fn in_fair_weather() {
    for story in STORIES {
        for seed in 0..SEEDS {
            check(story, seed, Weather { loss: 0, twice: 0, jitter_ms: 20 });
        }
    }
}

#[test]
fn doubled_and_overtaken() {
    for story in STORIES {
        for seed in 0..SEEDS {
            check(story, seed, Weather { loss: 0, twice: 30, jitter_ms: 250 });
        }
    }
}

#[test]
fn lost() {
    for story in STORIES {
        for seed in 0..SEEDS {
            check(story, seed, Weather { loss: 10, twice: 0, jitter_ms: 0 });
        }
    }
}

#[test]
fn everything_at_once() {
    for story in STORIES {
        for seed in 0..SEEDS * 2 {
            check(story, seed, Weather { loss: 8, twice: 10, jitter_ms: 200 });
        }
    }
}

/// Half of everything is lost: the story may end otherwise, but it ends, once, and nothing is left behind.
#[test]
fn storm() {
    for story in STORIES {
        for seed in 0..SEEDS * 2 {
            let (seen, net) = Play::new(story, seed, Weather { loss: 50, twice: 20, jitter_ms: 500 }).run();
            assert!(seen[0].ends.len() == 1 && seen[1].ends.len() == seen[1].calls, "{story:?} seed {seed}: {seen:?}");
            for node in &net.nodes {
                let stats = node.endpoint.stats();
                assert_eq!((stats.dialogs, stats.transactions), (0, 0), "{story:?} seed {seed}: {seen:?}");
            }
        }
    }
}
