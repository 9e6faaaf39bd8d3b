//! A simulated town for the tests of online monitoring: its register imported, the server with its gateway, the
//! simulator beside it, and the comparison of what is held with what was sent.
//!
//! The sizes that every run can bear are small. `JINGCE_LIVE=full` asks for those that the product must bear.

use crate::kit::{Ran, Server, command, jingce};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Before any program of a test: files that may not grow are told by an error, not by the end of the process; as many
/// connections as the system gives.
const SHELL: &str = "trap '' XFSZ; ulimit -n 65536 2>/dev/null || ulimit -n $(ulimit -Hn); exec \"$@\"";
/// First simulated moment of every town.
const START: &str = "2026-03-05T00:00:00+08:00";

/// Whether the sizes that the product must bear are asked for.
pub fn full() -> bool {
    std::env::var("JINGCE_LIVE").is_ok_and(|size| size == "full")
}

/// The small size, or the full one if it is asked for.
pub fn sized<T>(small: T, large: T) -> T {
    if full() { large } else { small }
}

/// A town whose register is imported into a data folder.
pub struct Town {
    folder: tempfile::TempDir,
    city: Vec<String>,
}

impl Town {
    /// A city by the arguments of `jingce simulate`.
    pub fn new(city: &[&str]) -> Town {
        let folder = tempfile::tempdir().expect("a folder");
        let mut all = vec!["simulate", "--start", START];
        all.extend(city);
        let town = Town { folder, city: all.into_iter().map(str::to_string).collect() };
        std::fs::create_dir_all(town.data()).expect("a folder");
        let register = town.path("register");
        let mut arguments = town.city.clone();
        arguments.extend(["--register".to_string(), text(&register)]);
        run(&arguments).ok();
        for table in ["outlets", "devices", "channels", "limits"] {
            let file = text(&register.join(format!("{table}.csv")));
            jingce(&["import", &file, "--mapping", table, "--data", &text(&town.data())]).ok();
        }
        jingce(&["device", "secrets", &text(&register.join("secrets.csv")), "--data", &text(&town.data())]).ok();
        town
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Starts the simulator; truth and answered frames are written beside the data.
    pub fn simulator(&self, to: &str, more: &[&str]) -> Simulator {
        let mut arguments = self.city.clone();
        arguments.extend(["--to".to_string(), to.to_string()]);
        arguments.extend(["--truth".to_string(), text(&self.path("truth.csv.gz"))]);
        arguments.extend(["--answered".to_string(), text(&self.path("answered.csv"))]);
        arguments.extend(more.iter().map(|argument| argument.to_string()));
        let child = shelled(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the shell runs");
        Simulator { child, begun: Instant::now() }
    }

    /// What the folder holds, beside what was sent.
    pub fn compared(&self, data: &Path) -> serde_json::Value {
        let ran = jingce(&["simulate", "--check", &text(&self.path("truth.csv.gz")), "--data", &text(data)]);
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err))
    }

    /// Everything sent is held once, with its values, and every spoilt frame is in the ledger.
    pub fn is_exact(&self, data: &Path) -> serde_json::Value {
        let found = self.compared(data);
        assert_eq!(found["exact"], true, "what is held differs from what was sent: {found:#}");
        found
    }

    /// Nothing is held that was not sent so, and everything that waited for an answer is. What waits for none, as
    /// many a spoilt frame, may be lost with its connection, and nobody notices: it is counted only.
    pub fn is_exact_but_for_the_unawaited(&self, data: &Path) -> serde_json::Value {
        let found = self.compared(data);
        assert!(found["extra"] == 0 && found["different"] == 0, "what is held differs from what was sent: {found:#}");
        for (kind, count) in found["malformed"].as_object().expect("by kind") {
            assert!(count[1] == count[2], "{kind}: kept, but not in the ledger: {found:#}");
        }
        found
    }

    /// Of the frames that the simulator saw answered, those that the journal has not; and how many there are.
    pub fn answered_but_lost(&self, data: &Path) -> (Vec<String>, usize) {
        let sql = "SELECT mn, qn, pno FROM frames WHERE mn IS NOT NULL";
        let held = jingce(&["query", sql, "--data", &text(data), "--format", "csv"]).ok();
        let held: std::collections::HashSet<&str> = held.lines().skip(1).collect();
        let answered = std::fs::read_to_string(self.path("answered.csv")).expect("the simulator's log");
        let rows: Vec<String> = answered.lines().skip(1).map(mn_qn_pno).collect();
        let lost = rows.iter().filter(|row| !held.contains(row.as_str())).cloned().collect();
        (lost, rows.len())
    }

    /// Values that a table has twice for one series and time.
    pub fn doubled(&self, table: &str) -> String {
        let sql = format!(
            "SELECT count(*) AS n FROM (SELECT mn, code, time FROM {table} GROUP BY mn, code, time HAVING count(*) > 1) AS d"
        );
        let counted = jingce(&["query", &sql, "--data", &text(&self.data()), "--format", "csv"]).ok();
        counted.lines().nth(1).unwrap_or_default().to_string()
    }
}

/// `mn,cadence,data_time,pnum,pno,qn` of the log, as the journal is asked.
fn mn_qn_pno(row: &str) -> String {
    let fields: Vec<&str> = row.split(',').collect();
    match fields[..] {
        [mn, _, _, _, pno, qn] => format!("{mn},{qn},{pno}"),
        _ => panic!("no row of answered frames: {row}"),
    }
}

/// The running simulator.
pub struct Simulator {
    child: Child,
    begun: Instant,
}

/// What it said in the end.
#[derive(Debug)]
pub struct Simulated {
    pub words: String,
    pub seconds: f64,
    pub sent: u64,
    pub answered: u64,
    pub resent: u64,
    pub unanswered: u64,
    pub broken: u64,
}

impl Simulator {
    /// Waits for the end of its city.
    pub fn ended(mut self) -> Simulated {
        let mut words = String::new();
        self.child.stdout.take().expect("it was piped").read_to_string(&mut words).expect("it prints UTF-8");
        self.child.wait().expect("it ends");
        let count = |before: &str| {
            let rest = words.split(before).next().unwrap_or_default();
            rest.split_whitespace().next_back().and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("{words}"))
        };
        Simulated {
            seconds: self.begun.elapsed().as_secs_f64(),
            sent: count(" frames sent"),
            answered: count(" answered,"),
            resent: count(" sent again"),
            unanswered: count(" unanswered"),
            broken: count(" broken"),
            words,
        }
    }

    /// Asks it to plan nothing more, and waits until all it said is answered.
    pub fn told_to_end(self) -> Simulated {
        signal("INT", self.child.id());
        self.ended()
    }

    pub fn runs(&mut self) -> bool {
        self.child.try_wait().expect("its state").is_none()
    }
}

/// The server with its gateway.
pub struct Gateway {
    pub server: Server,
    pub hj212: String,
    log: Arc<Mutex<String>>,
}

impl Gateway {
    /// On a free port.
    pub fn on(data: &Path) -> Gateway {
        Gateway::started(shelled(&serve(data, 0)))
    }

    /// By a command that starts it.
    pub fn started(mut command: Command) -> Gateway {
        let mut gateway = Gateway::starting(&mut command);
        let mut line = String::new();
        gateway.1.read_line(&mut line).expect("it prints the gateway's address");
        gateway.0.hj212 = line.split_whitespace().nth(2).unwrap_or_default().to_string();
        assert!(!gateway.0.hj212.is_empty(), "no gateway in {line:?}: {}", gateway.0.log());
        gateway.0
    }

    /// As far as the web answers; the gateway may still be on its way.
    pub fn starting(command: &mut Command) -> (Gateway, impl BufRead + use<>) {
        command.stderr(Stdio::piped());
        let log = Arc::<Mutex<String>>::default();
        let (mut server, printed) = Server::started(command);
        let errors = BufReader::new(server.errors().expect("they were piped"));
        let said = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
                said.push_str(&line);
                said.push('\n');
            }
        });
        (Gateway { server, hj212: String::new(), log }, printed)
    }

    /// What it wrote into its log so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn healthz(&self) -> (u16, String) {
        self.server.get("/healthz")
    }

    /// `/api/online/gateway`.
    pub fn health(&self) -> Health {
        let (status, body) = self.server.get("/api/online/gateway");
        assert_eq!(status, 200, "{body}");
        Health::read(&body)
    }

    /// Asks for the state of the gateway again and again, until told to stop.
    pub fn watched(&self) -> Watched {
        let (over, address) = (Arc::new(AtomicBool::new(false)), self.server.address.clone());
        let ends = Arc::clone(&over);
        let watching = std::thread::spawn(move || {
            let mut most = Most::default();
            while !ends.load(Ordering::Relaxed) {
                let (_, body) = crate::kit::get(&address, "/api/online/gateway");
                most.heed(&Health::read(&body));
                std::thread::sleep(Duration::from_millis(250));
            }
            most
        });
        Watched { over, watching }
    }
}

/// Arguments of a server with a gateway on a port.
pub fn serve(data: &Path, hj212: u16) -> Vec<String> {
    let own = ["serve", "--port", "0", "--hj212-port", &hj212.to_string(), "--data", &text(data)].map(str::to_string);
    own.to_vec()
}

/// The state of the gateway.
#[derive(Debug)]
pub struct Health {
    pub accepting: bool,
    pub reason: serde_json::Value,
    pub connections: u64,
    pub in_flight_bytes: u64,
    pub in_flight_limit_bytes: u64,
    pub memory_bytes: u64,
    pub counters: BTreeMap<String, u64>,
}

impl Health {
    fn read(body: &str) -> Health {
        let value: serde_json::Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"));
        let of = |name: &str| value[name].as_u64().unwrap_or(0);
        let counters = value["counters"].as_array().into_iter().flatten();
        let counters = counters.map(|counter| {
            (counter["id"].as_str().unwrap_or_default().to_string(), counter["value"].as_u64().unwrap_or(0))
        });
        Health {
            accepting: value["accepting"] == true,
            reason: value["reason"].clone(),
            connections: of("connections"),
            in_flight_bytes: of("in_flight_bytes"),
            in_flight_limit_bytes: of("in_flight_limit_bytes"),
            memory_bytes: of("memory_bytes"),
            counters: counters.collect(),
        }
    }

    pub fn counter(&self, id: &str) -> u64 {
        *self.counters.get(id).unwrap_or_else(|| panic!("no counter {id}: {self:?}"))
    }
}

/// The highest of what was seen.
#[derive(Debug, Default)]
pub struct Most {
    pub connections: u64,
    pub in_flight_bytes: u64,
    pub in_flight_limit_bytes: u64,
    pub memory_bytes: u64,
}

impl Most {
    fn heed(&mut self, health: &Health) {
        self.connections = self.connections.max(health.connections);
        self.in_flight_bytes = self.in_flight_bytes.max(health.in_flight_bytes);
        self.in_flight_limit_bytes = self.in_flight_limit_bytes.max(health.in_flight_limit_bytes);
        self.memory_bytes = self.memory_bytes.max(health.memory_bytes);
    }
}

/// Somebody who asks for the state again and again.
pub struct Watched {
    over: Arc<AtomicBool>,
    watching: JoinHandle<Most>,
}

impl Watched {
    pub fn most(self) -> Most {
        self.over.store(true, Ordering::Relaxed);
        self.watching.join().expect("it has not panicked")
    }
}

/// Waits until something is so, but not for ever.
pub fn until(what: &str, longest: Duration, mut so: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < longest, "in {longest:?} not: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
    begun.elapsed()
}

/// A port below those that the system gives to whoever connects: a client that looks for a server that is away must
/// not be given the very port it looks for.
pub fn free_port() -> u16 {
    let from = 20_000 + (std::process::id() % 10_000) as u16;
    let free = (from..32_000).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.expect("a free port")
}

/// Sends a signal to a process of the test.
pub fn signal(name: &str, pid: u32) {
    let status = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().expect("kill runs");
    assert!(status.success(), "no signal {name} to {pid}");
}

/// The built program in a shell that has prepared the limits of the system.
pub fn shelled(arguments: &[String]) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", SHELL, "sh", env!("CARGO_BIN_EXE_jingce")]).args(arguments);
    shell.env("JINGCE_LANG", "en").env_remove("RUST_LOG");
    shell
}

fn run(arguments: &[String]) -> Ran {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    crate::kit::ran(command(&arguments).output().expect("the binary runs"))
}

pub fn text(path: &Path) -> String {
    path.to_string_lossy().to_string()
}
