//! What an agent must be able to do to serve somebody, as an expression: `english >= 3 & (billing >= 2 | vip)`.
//!
//! Grammar: `or := and ('|' and)*`, `and := atom ('&' atom)*`, `atom := '(' or ')' | '*' | skill ['>=' level]`. A skill without
//! a level asks for level 1; `*` asks for nothing.
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Skills of one person: key → level, 1 … `SKILL_LEVEL_MAX`, the higher the better.
pub type Skills = BTreeMap<String, u8>;

pub const SKILL_LEVEL_MAX: u8 = 10;
pub const TERMS_MAX: usize = 32;
const DEPTH_MAX: usize = 8;
const SKILL_LEN_MAX: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Needs {
    Skill {
        skill: String,
        level_min: u8,
    },
    /// All of them; of none: anybody.
    All(Vec<Needs>),
    Any(Vec<Needs>),
}

impl Needs {
    pub const NOTHING: Needs = Needs::All(Vec::new());

    pub fn met_by(&self, skills: &Skills) -> bool {
        match self {
            Needs::Skill { skill, level_min } => skills.get(skill).is_some_and(|level| level >= level_min),
            Needs::All(parts) => parts.iter().all(|p| p.met_by(skills)),
            Needs::Any(parts) => parts.iter().any(|p| p.met_by(skills)),
        }
    }

    /// The sum of the levels that somebody has in the skills named: how well they fit.
    pub fn fit(&self, skills: &Skills) -> u32 {
        match self {
            Needs::Skill { skill, .. } => skills.get(skill).copied().map_or(0, u32::from),
            Needs::All(parts) | Needs::Any(parts) => parts.iter().map(|p| p.fit(skills)).sum(),
        }
    }
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, parts: &[Needs], sign: &str| {
            for (i, part) in parts.iter().enumerate() {
                if i > 0 {
                    write!(f, " {sign} ")?;
                }
                match part {
                    Needs::Skill { .. } => write!(f, "{part}")?,
                    Needs::All(inner) if inner.is_empty() => f.write_str("*")?,
                    _ => write!(f, "({part})")?,
                }
            }
            Ok(())
        };
        match self {
            Needs::Skill { skill, level_min: 1 } => f.write_str(skill),
            Needs::Skill { skill, level_min } => write!(f, "{skill} >= {level_min}"),
            Needs::All(parts) if parts.is_empty() => f.write_str("*"),
            Needs::All(parts) => joined(f, parts, "&"),
            Needs::Any(parts) => joined(f, parts, "|"),
        }
    }
}

/// Where an expression stops making sense. `at` counts characters from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why} at character {at}: write it like `english >= 3 & (billing >= 2 | vip)`")]
pub struct NeedsError {
    pub at: usize,
    pub why: &'static str,
}

impl FromStr for Needs {
    type Err = NeedsError;
    fn from_str(text: &str) -> Result<Self, NeedsError> {
        let mut parser = Parser { text: text.chars().collect(), at: 0, terms: 0 };
        let needs = parser.either(0)?;
        parser.blanks();
        if parser.at < parser.text.len() { Err(parser.stop("something is left over")) } else { Ok(needs) }
    }
}

struct Parser {
    text: Vec<char>,
    at: usize,
    terms: usize,
}

impl Parser {
    fn stop(&self, why: &'static str) -> NeedsError {
        NeedsError { at: self.at, why }
    }
    fn blanks(&mut self) {
        while self.text.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }
    fn takes(&mut self, sign: char) -> bool {
        self.blanks();
        let found = self.text.get(self.at) == Some(&sign);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self, depth: usize) -> Result<Needs, NeedsError> {
        let mut parts = vec![self.both(depth)?];
        while self.takes('|') {
            parts.push(self.both(depth)?);
        }
        Ok(one_or(parts, Needs::Any))
    }

    fn both(&mut self, depth: usize) -> Result<Needs, NeedsError> {
        let mut parts = vec![self.atom(depth)?];
        while self.takes('&') {
            parts.push(self.atom(depth)?);
        }
        Ok(one_or(parts, Needs::All))
    }

    fn atom(&mut self, depth: usize) -> Result<Needs, NeedsError> {
        self.terms += 1;
        if self.terms > TERMS_MAX {
            return Err(self.stop("too many skills"));
        }
        if self.takes('(') {
            if depth >= DEPTH_MAX {
                return Err(self.stop("too many brackets"));
            }
            let inner = self.either(depth + 1)?;
            return if self.takes(')') { Ok(inner) } else { Err(self.stop("a closing bracket is missing")) };
        }
        if self.takes('*') {
            return Ok(Needs::NOTHING);
        }
        let skill = self.word(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'));
        if skill.is_empty() || skill.len() > SKILL_LEN_MAX {
            return Err(self.stop("a skill's key is expected (a-z, 0-9, _ and -)"));
        }
        Ok(Needs::Skill { skill, level_min: self.level()? })
    }

    fn level(&mut self) -> Result<u8, NeedsError> {
        if self.takes('≥') {
            // One character for both.
        } else if self.takes('>') {
            if self.text.get(self.at) != Some(&'=') {
                return Err(self.stop("only >= compares levels"));
            }
            self.at += 1;
        } else {
            return Ok(1);
        }
        self.blanks();
        let digits = self.word(|c| c.is_ascii_digit());
        digits.parse().ok().filter(|n| (1..=SKILL_LEVEL_MAX).contains(n)).ok_or_else(|| self.stop("a level from 1 to 10 is expected"))
    }

    fn word(&mut self, fits: impl Fn(char) -> bool) -> String {
        self.blanks();
        let word: String = self.text.iter().skip(self.at).take_while(|c| fits(**c)).collect();
        self.at += word.len();
        word
    }
}

fn one_or(mut parts: Vec<Needs>, many: impl Fn(Vec<Needs>) -> Needs) -> Needs {
    match parts.len() {
        1 => parts.remove(0),
        _ => many(parts),
    }
}

impl Serialize for Needs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Needs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn skills(list: &[(&str, u8)]) -> Skills {
        list.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect()
    }

    #[test]
    fn expressions_mean_what_they_say() {
        let who = skills(&[("english", 3), ("billing", 1), ("vip", 5)]);
        for (text, met) in [
            ("english", true),
            ("english >= 3", true),
            ("english>=4", false),
            ("english ≥ 3 & billing", true),
            ("english >= 4 | billing", true),
            ("english >= 3 & (billing >= 2 | vip)", true),
            ("english >= 3 & billing >= 2 | vip", true),
            ("english >= 4 & (billing | vip)", false),
            ("*", true),
            ("* & french", false),
        ] {
            assert_eq!(text.parse::<Needs>().unwrap().met_by(&who), met, "{text}");
        }
        assert_eq!("english & vip".parse::<Needs>().unwrap().fit(&who), 8);
    }

    #[test]
    fn nonsense_is_refused_with_its_place() {
        for (text, at) in [("", 0), ("english >", 9), ("english >= 11", 13), ("(a & b", 6), ("a b", 2), ("English", 0), ("a |", 3)] {
            assert_eq!(text.parse::<Needs>().unwrap_err().at, at, "{text}");
        }
        assert!("(".repeat(50).parse::<Needs>().is_err());
        assert!(vec!["a"; 40].join("&").parse::<Needs>().is_err());
    }

    fn needs() -> impl Strategy<Value = Needs> {
        let skill = ("[a-z]{1,3}", 1u8..=10).prop_map(|(skill, level_min)| Needs::Skill { skill, level_min });
        prop_oneof![9 => skill, 1 => Just(Needs::NOTHING)].prop_recursive(3, 12, 3, |inner| {
            let parts = proptest::collection::vec(inner, 2..4);
            prop_oneof![parts.clone().prop_map(Needs::All), parts.prop_map(Needs::Any)]
        })
    }

    proptest! {
        #[test]
        fn text_and_back(needs in needs()) {
            let text = needs.to_string();
            prop_assert_eq!(text.parse::<Needs>().unwrap(), needs, "{}", text);
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,60}") {
            let _ = text.parse::<Needs>();
        }
    }
}
