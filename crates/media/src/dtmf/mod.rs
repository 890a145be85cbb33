//! DTMF digits: detection in band (ITU-T Q.23/Q.24), generation, and the RFC 4733 payload.
mod detect;
mod event;
mod generate;
#[cfg(test)]
mod tests;

pub use detect::Detector;
pub use event::EventPayload;
pub use generate::Generator;

/// Row (low group) and column (high group) frequencies in Hz, ITU-T Q.23.
pub const LOW_HZ: [u32; 4] = [697, 770, 852, 941];
pub const HIGH_HZ: [u32; 4] = [1209, 1336, 1477, 1633];

/// The digits by row and column.
const KEYPAD: [[char; 4]; 4] = [['1', '2', '3', 'A'], ['4', '5', '6', 'B'], ['7', '8', '9', 'C'], ['*', '0', '#', 'D']];

/// The digits by RFC 4733 event number (section 3.2).
const EVENTS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'];

/// Low and high frequency of a digit; letters may be small. None for anything else.
pub fn frequencies(digit: char) -> Option<(u32, u32)> {
    let digit = digit.to_ascii_uppercase();
    KEYPAD.iter().zip(LOW_HZ).find_map(|(row, low)| Some((low, HIGH_HZ[row.iter().position(|d| *d == digit)?])))
}

/// RFC 4733 event number of a digit.
pub fn event_of(digit: char) -> Option<u8> {
    let digit = digit.to_ascii_uppercase();
    EVENTS.iter().position(|d| *d == digit).map(|n| n as u8)
}

/// Digit of an RFC 4733 event number; none for events that are not digits (fax tones, flash).
pub fn digit_of(event: u8) -> Option<char> {
    EVENTS.get(usize::from(event)).copied()
}
