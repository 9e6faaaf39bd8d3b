//! A command → a named, timed step whose output goes by while its tests are counted.
//!
//! The first step that fails ends the run with what was run and what to do. Called by `suite` and `demo`.

use crate::tally::{Tally, count};
use std::fmt;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Why a run ended early: a sentence for the person who started it.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// With the whole situation in `message`.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The steps of one run.
#[derive(Debug)]
pub struct Steps {
    began: Instant,
    done: Vec<(String, Duration)>,
    tally: Tally,
    /// Whether what the steps print goes by; tests of this module keep it to themselves.
    shown: bool,
}

impl Steps {
    /// None yet.
    pub fn new() -> Steps {
        Steps { began: Instant::now(), done: Vec::new(), tally: Tally::default(), shown: true }
    }

    /// Runs `command` as the step `name`; its output goes by and its closing lines are counted.
    pub fn run(&mut self, name: &str, mut command: Command) -> Result<(), Failure> {
        let shown = self.shown;
        self.step(name, |tally| {
            let typed = show(&command);
            let mut child = command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .map_err(|error| Failure::new(format!("`{typed}` could not be started: {error}")))?;
            let out =
                child.stdout.take().map(|pipe| thread::spawn(move || pass_on(pipe, echo(shown, std::io::stdout()))));
            let err =
                child.stderr.take().map(|pipe| thread::spawn(move || pass_on(pipe, echo(shown, std::io::stderr()))));
            for reader in [out, err].into_iter().flatten() {
                *tally += reader.join().unwrap_or_default();
            }
            let status = child.wait().map_err(|error| Failure::new(format!("`{typed}` was lost: {error}")))?;
            if status.success() { Ok(()) } else { Err(Failure::new(format!("`{typed}` ended with {status}"))) }
        })
    }

    /// Does `work` as the step `name`.
    pub fn step<T>(&mut self, name: &str, work: impl FnOnce(&mut Tally) -> Result<T, Failure>) -> Result<T, Failure> {
        println!("\n== {name}");
        let began = Instant::now();
        let mut tally = Tally::default();
        let outcome = work(&mut tally);
        self.tally += tally;
        let took = began.elapsed();
        let verdict = if outcome.is_ok() { "done" } else { "failed" };
        println!("== {name}: {verdict} in {}", seconds(took));
        self.done.push((name.to_string(), took));
        outcome.map_err(|failure| {
            let counted = if tally.failed > 0 { format!(" ({} tests failed)", tally.failed) } else { String::new() };
            Failure::new(format!("step `{name}` failed after {}{counted}: {failure}", seconds(took)))
        })
    }

    /// Says why a step is left out.
    pub fn note(&self, text: &str) {
        println!("\n== note: {text}");
    }

    /// The times of all steps.
    pub fn print_times(&self) {
        println!("\n== times");
        for (name, took) in &self.done {
            println!("{:>9}  {name}", seconds(*took));
        }
        println!("{:>9}  all", seconds(self.began.elapsed()));
    }

    /// The last line of a good run, counted over every runner.
    pub fn finish(&self) -> Result<(), Failure> {
        self.print_times();
        let Tally { passed, failed } = self.tally;
        println!("{passed} passed, {failed} failed");
        if failed == 0 { Ok(()) } else { Err(Failure::new("a runner counted failures but ended well")) }
    }

    /// Adds tests that no runner printed.
    pub fn add(&mut self, tally: Tally) {
        self.tally += tally;
    }
}

/// A command of the workspace: runs in `dir`, without what cargo told this process about itself, in colour
/// where a person watches.
pub fn command(program: &str, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(dir);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    command
}

/// Whether `program` with `args` starts and ends well; its output is not shown.
pub fn works(program: &str, args: &[&str]) -> bool {
    let quiet =
        Command::new(program).args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

/// `12.3 s`.
pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// The command as one would type it.
fn show(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

fn echo(shown: bool, to: impl Write + 'static) -> Box<dyn Write> {
    if shown { Box::new(to) } else { Box::new(std::io::sink()) }
}

/// Copies lines as they come and counts the tests they tell of.
fn pass_on(from: impl Read, mut to: impl Write) -> Tally {
    let mut tally = Tally::default();
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        tally += count(&String::from_utf8_lossy(&line));
        // A closed terminal must not stop the tests.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        line.clear();
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silent() -> Steps {
        Steps { shown: false, ..Steps::new() }
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_step_counts_what_its_runner_says_on_either_stream() {
        let mut steps = silent();
        let script = "echo 'test result: ok. 2 passed; 0 failed;'; echo 'Summary [1s] 3 tests run: 3 passed' >&2";
        steps.run("two runners", shell(script)).expect("the script ends well");
        assert_eq!(steps.tally, Tally { passed: 5, failed: 0 });
        assert!(steps.finish().is_ok());
    }

    #[test]
    fn a_failing_step_names_itself_its_command_and_its_count() {
        let mut steps = silent();
        let failure = steps.run("browser", shell("echo '# fail 3'; exit 7")).expect_err("exit 7");
        let text = failure.to_string();
        assert!(text.starts_with("step `browser` failed after "), "{text}");
        assert!(text.contains("(3 tests failed): `sh -c echo '# fail 3'; exit 7` ended with exit status: 7"), "{text}");
    }

    #[test]
    fn failures_counted_by_a_runner_that_ended_well_are_failures() {
        let mut steps = silent();
        steps.run("odd runner", shell("echo '# fail 1'")).expect("it ends well");
        assert!(steps.finish().is_err());
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = silent().run("x", Command::new("no-such-program-of-ours")).expect_err("not installed");
        assert!(failure.to_string().contains("`no-such-program-of-ours` could not be started"), "{failure}");
    }
}
