//! The binary `jingce`: see `server::run`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::run()
}
