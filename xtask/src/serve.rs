//! `make run`: build what is needed, then become the demo contact centre.
use crate::sh::{Result, root, step, zhiyin};
use std::os::unix::process::CommandExt;
use std::process::Command;

pub fn demo(args: &[String]) -> Result {
    crate::ci::build_binary()?;
    step("starting the demo contact centre (Ctrl-C ends it)");
    let error = Command::new(zhiyin()).arg("demo").args(args).current_dir(root()).exec();
    Err(format!("{}: {error}", zhiyin().display()))
}
