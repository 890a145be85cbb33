//! Reports in words, for a terminal.
use sim::{Comparison, Difference, Figures, Measure, Report, SingleReport, TroubleFigures};
use std::fmt::Write as _;

pub(super) fn told(report: &Report) -> String {
    match report {
        Report::Single(single) => one_queue(single),
        Report::Queues(queues) => {
            let mut text = format!(
                "{} h, {} replications, seed {}; 95 % intervals by {}\n\n",
                queues.hours, queues.replications, queues.seed, queues.method
            );
            text.push_str(
                "queue            offered  answered  abandoned  service level        ASA s            abandon            occupancy\n",
            );
            for queue in &queues.queues {
                text.push_str(&line(&queue.key, &queue.total));
            }
            text.push_str(&line("total", &queues.total));
            if let Some(t) = &queues.trouble {
                let _ = writeln!(text, "\n{}", troubles(t));
            }
            text
        }
    }
}

/// What went wrong, in one line.
pub(super) fn troubles(t: &TroubleFigures) -> String {
    format!(
        "{} router deaths, {} signed out, {} breaks, {} browsers vanished, {} phones lost, {} media failed, {} hung up on the answer; \
         {} places from the store, {} came again, {} healed, {} releases unknown; {} steps checked",
        t.router_deaths,
        t.signed_out,
        t.breaks,
        t.vanished,
        t.phones_lost,
        t.media_failed,
        t.hung_up_on_answer,
        t.places_restored,
        t.came_again,
        t.healed,
        t.not_theirs,
        t.checked_steps
    )
}

fn line(name: &str, f: &Figures) -> String {
    format!(
        "{name:<15} {:>8} {:>9} {:>10}  {:<19}  {:<15}  {:<17}  {}\n",
        number(f.offered.value, 0),
        number(f.answered.value, 0),
        number(f.abandoned.value, 0),
        percent(&f.service_level),
        ranged(&f.asa_s, 1.0, 1),
        percent(&f.abandon),
        percent(&f.occupancy),
    )
}

fn one_queue(r: &SingleReport) -> String {
    let mut text = String::new();
    let (f, h) = (&r.figures, &r.half_width_95);
    for (name, value, half, scale, unit) in [
        ("P(wait)", f.p_wait, h.p_wait, 100.0, "%"),
        ("service level", f.service_level, h.service_level, 100.0, "%"),
        ("ASA", f.asa_s, h.asa_s, 1.0, "s"),
        ("ASA of answered", f.asa_answered_s, h.asa_answered_s, 1.0, "s"),
        ("abandon", f.abandon, h.abandon, 100.0, "%"),
        ("occupancy", f.occupancy, h.occupancy, 100.0, "%"),
    ] {
        let half = half.map_or(String::new(), |h| format!("  ± {:.3}", h * scale));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<16} {:>10.3} {unit}{half}", value * scale);
    }
    let _ = writeln!(text, "{} calls in {:.0} h, seed {}; 95 % intervals by {}", r.offered, r.hours, r.seed, r.method);
    if !r.converged {
        text.push_str("not yet settled: give more hours for tighter figures\n");
    }
    text
}

/// What is shown of a comparison: name, figure, scale.
type Shown = (&'static str, fn(&Figures) -> Measure, f64);
const COMPARED: [Shown; 6] = [
    ("service level %", |f| f.service_level, 100.0),
    ("ASA s", |f| f.asa_s, 1.0),
    ("P(wait) %", |f| f.p_wait, 100.0),
    ("abandon %", |f| f.abandon, 100.0),
    ("overflowed", |f| f.overflowed, 1.0),
    ("occupancy %", |f| f.occupancy, 100.0),
];

pub(super) fn compared(c: &Comparison) -> String {
    let mut text = format!("{} replications on the same callers, seed {}\n", c.replications, c.seed);
    text.push_str("queue            figure               before      after  difference (95 % interval)\n");
    for queue in &c.queues {
        text.push_str(&differences(&queue.key, &queue.difference));
    }
    text.push_str(&differences("total", &c.total));
    text
}

fn differences(queue: &str, d: &Difference) -> String {
    let row = |(name, of, scale): &Shown| {
        let show = |f: &Figures| number(of(f).value.map(|v| v * scale), 2);
        format!("{queue:<15}  {name:<16} {:>10} {:>10}  {}\n", show(&d.base), show(&d.changed), ranged(&of(&d.difference), *scale, 2))
    };
    COMPARED.iter().map(row).collect()
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |v| format!("{v:.digits$}"))
}

fn percent(m: &Measure) -> String {
    ranged(m, 100.0, 1)
}

/// `value (low … high)`
fn ranged(m: &Measure, scale: f64, digits: usize) -> String {
    let scaled = |v: Option<f64>| v.map(|v| v * scale);
    let interval = match (scaled(m.low), scaled(m.high)) {
        (Some(low), Some(high)) => format!(" ({low:.digits$} … {high:.digits$})"),
        _ => String::new(),
    };
    format!("{}{interval}", number(scaled(m.value), digits))
}
