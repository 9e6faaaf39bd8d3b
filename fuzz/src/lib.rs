//! Fuzzing on stable Rust: the inputs in a crate's `corpus/<target>/` are changed at random, and a function says
//! what must hold of any input. Used by the tests of `intake` and `space`: some seconds each in every run, as long
//! as `JINGCE_FUZZ_SECONDS` says when it is set.
//!
//! Inputs that make a target behave in a new way are changed further; a long run keeps them in the corpus,
//! and keeps whatever made a target panic as `crash-…`, which from then on is tried by every run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// One thing that is fuzzed.
#[derive(Debug)]
pub struct Target {
    /// Its name, which is that of its corpus.
    pub name: &'static str,
    /// Runs one input; panics when something does not hold.
    pub run: fn(&[u8]),
    /// How it behaved, to tell new behaviour from known.
    pub behaviour: fn(&[u8]) -> String,
    /// What such inputs are made of.
    pub words: &'static [&'static str],
    /// Inputs tried in a short run.
    pub tries: u32,
}

/// Longest input: more would only be slow.
const LONGEST: usize = 4096;
/// Inputs that a long run may add to a corpus.
const KEPT: usize = 40;

/// Tries a target; `crate_folder` is the folder of its crate, with `corpus/<name>/` in it.
///
/// # Panics
///
/// When the target does, with the input; and when there is no corpus.
pub fn run(target: &Target, crate_folder: &str) {
    let folder = Path::new(crate_folder).join("corpus").join(target.name);
    let seconds = std::env::var("JINGCE_FUZZ_SECONDS").ok().and_then(|text| text.parse::<u64>().ok());
    let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut pool = corpus(&folder);
    assert!(!pool.is_empty(), "{} has no inputs", folder.display());
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for input in &pool {
        attempt(target, input, until.map(|_| folder.as_path()));
        seen.insert((target.behaviour)(input));
    }
    // A long run goes other ways every time, a short one the same way always.
    let seed = seconds.map_or(1, |_| std::process::id().into());
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15 ^ seed);
    let (mut tries, mut kept) = (0_u64, 0);
    while until.map_or(tries < target.tries.into(), |until| Instant::now() < until) {
        tries += 1;
        let input = changed(&pool, target.words, &mut chance);
        attempt(target, &input, until.map(|_| folder.as_path()));
        if seen.len() < 100_000 && seen.insert((target.behaviour)(&input)) {
            if until.is_some() && kept < KEPT && input.len() <= 512 {
                kept += 1;
                keep(&folder, "found", &input);
            }
            pool.push(input);
        }
    }
    println!("{}: {tries} inputs, {} kinds of behaviour, {kept} kept", target.name, seen.len());
}

/// Runs one input; a panic is told with the input, which a long run keeps.
fn attempt(target: &Target, input: &[u8], folder: Option<&Path>) {
    let outcome = std::panic::catch_unwind(|| (target.run)(input));
    if outcome.is_err() {
        let path = folder.map(|folder| keep(folder, "crash", input));
        panic!("{} fails on {:?} ({path:?})", target.name, String::from_utf8_lossy(input));
    }
}

fn keep(folder: &Path, kind: &str, input: &[u8]) -> PathBuf {
    let sum = input
        .iter()
        .fold(0xCBF2_9CE4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3));
    let path = folder.join(format!("{kind}-{sum:016x}"));
    std::fs::write(&path, input).expect("the corpus can be written");
    path
}

fn corpus(folder: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read(path).ok()).collect()
}

/// One to eight changes of an input.
fn changed(pool: &[Vec<u8>], words: &[&str], chance: &mut Chance) -> Vec<u8> {
    let mut input = pool[chance.below(pool.len())].clone();
    for _ in 0..=chance.below(8) {
        let at = chance.below(input.len() + 1);
        let end = (at + chance.below(16)).min(input.len());
        match chance.below(8) {
            0 => {
                input.splice(at..end, []);
            }
            1 => input.insert(at, chance.below(256) as u8),
            2 => {
                input.splice(at..at, words[chance.below(words.len())].bytes());
            }
            3 => {
                input.splice(at..end, words[chance.below(words.len())].bytes());
            }
            4 => {
                let again = input[at..end].to_vec();
                input.splice(at..at, again);
            }
            5 => {
                let other = &pool[chance.below(pool.len())];
                let from = chance.below(other.len() + 1);
                input.splice(at.., other[from..].iter().copied());
            }
            6 if at < input.len() => input[at] ^= 1 << chance.below(8),
            _ if at < input.len() => input[at] = b"0123456789&#;,=-{}"[chance.below(18)],
            _ => {}
        }
    }
    input.truncate(LONGEST);
    input
}

/// Numbers that look random and are always the same (xorshift64*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }
}
