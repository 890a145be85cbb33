//! Changing sample rates: `offline` with the best quality when something is loaded, `Live` with little delay in a call.
mod live;
mod offline;
#[cfg(test)]
mod tests;

pub use live::Live;
pub use offline::offline;
