//! player
#[derive(Debug)]
pub struct Prompt(());
