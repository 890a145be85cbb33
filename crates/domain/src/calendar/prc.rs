//! The public holidays of the People's Republic of China, as published.
use super::setup::{Holiday, MakeUp, Weekday};
use super::text::Date;
use crate::config::Label;

/// Holidays and make-up working days of 2026 (国务院办公厅关于2026年部分节假日安排的通知, 4 November 2025).
/// The notice says on which weekends people work, not like which weekday: that is `works_like`.
pub fn prc_2026(works_like: Weekday) -> (Vec<Holiday>, Vec<MakeUp>) {
    let holiday = |zh: &str, en: &str, from: (i8, i8), to: (i8, i8)| Holiday {
        from: date(from),
        to: Some(date(to)),
        name: Label { zh: zh.into(), en: en.into() },
        open: Vec::new(),
    };
    let make_up = |on: (i8, i8)| MakeUp {
        date: date(on),
        like: Some(works_like),
        open: Vec::new(),
        name: Label { zh: "调休上班".into(), en: "Make-up working day".into() },
    };
    let holidays = vec![
        holiday("元旦", "New Year's Day", (1, 1), (1, 3)),
        holiday("春节", "Spring Festival", (2, 15), (2, 23)),
        holiday("清明节", "Qingming Festival", (4, 4), (4, 6)),
        holiday("劳动节", "Labour Day", (5, 1), (5, 5)),
        holiday("端午节", "Dragon Boat Festival", (6, 19), (6, 21)),
        holiday("中秋节", "Mid-Autumn Festival", (9, 25), (9, 27)),
        holiday("国庆节", "National Day", (10, 1), (10, 7)),
    ];
    (holidays, [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)].map(make_up).to_vec())
}

fn date((month, day): (i8, i8)) -> Date {
    Date(jiff::civil::date(2026, month, day))
}
