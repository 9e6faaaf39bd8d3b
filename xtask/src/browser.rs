//! Finds Chromium and keeps one `jingce demo` running for the browser tests.
//!
//! Called by `suite`. The server is stopped by its own process id, whatever way the tests end.

use crate::steps::{Failure, Steps, command, seconds, works};
use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const PACKAGES: [&str; 2] = ["chromium", "fonts-wqy-microhei"];
/// How long the demo may take to import its data and answer.
const READY_MAX: Duration = Duration::from_secs(300);
const STOP_MAX: Duration = Duration::from_secs(10);

/// The browser to use: `CHROMIUM`, else one in the path, else Debian's package if it may be installed.
pub fn find_or_install(root: &Path, steps: &mut Steps) -> Result<PathBuf, Failure> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let Some(sudo) = may_install() else {
        return Err(Failure::new(
            "no Chromium found: install it (Debian: apt-get install chromium) or name the program in CHROMIUM; \
             everything else is tested by `cargo xtask test rust` and `cargo xtask test web`",
        ));
    };
    for args in [&["update", "-qq"][..], &["install", "-y", "-qq", "--no-install-recommends"][..]] {
        let mut apt = if sudo { command("sudo", root) } else { command("apt-get", root) };
        if sudo {
            apt.args(["-n", "apt-get"]);
        }
        apt.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        let installs = args[0] == "install";
        if installs {
            apt.args(PACKAGES);
        }
        steps.run(if installs { "install chromium" } else { "package lists" }, apt)?;
    }
    find().ok_or_else(|| Failure::new("Chromium was installed but is not in the path; name it in CHROMIUM"))
}

fn find() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").filter(|name| !name.is_empty()) {
        return Some(PathBuf::from(named));
    }
    in_path(&std::env::var_os("PATH")?)
}

fn in_path(path: &std::ffi::OsStr) -> Option<PathBuf> {
    let folders = std::env::split_paths(path);
    folders.flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|program| program.is_file())
}

/// Whether packages may be installed, and if so whether by sudo.
fn may_install() -> Option<bool> {
    if !works("apt-get", &["--version"]) {
        return None;
    }
    let user = Command::new("id").arg("-u").output().ok()?;
    if user.stdout.trim_ascii() == b"0" {
        return Some(false);
    }
    works("sudo", &["-n", "true"]).then_some(true)
}

/// A running `jingce demo`; stopped when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    url: String,
    log: PathBuf,
    data: PathBuf,
}

impl Server {
    /// Starts `binary demo` on a free port and waits until `/healthz` answers 200.
    pub fn start(binary: &Path, root: &Path) -> Result<Server, Failure> {
        let port = free_port()?;
        let log = binary.with_file_name("jingce-browser-tests.log");
        let data = binary.with_file_name("jingce-browser-tests");
        clear(&data).map_err(|error| Failure::new(format!("`{}`: {error}", data.display())))?;
        let out = File::create(&log).map_err(|error| Failure::new(format!("`{}`: {error}", log.display())))?;
        let err = out.try_clone().map_err(|error| Failure::new(format!("`{}`: {error}", log.display())))?;
        let mut demo = command(&binary.to_string_lossy(), root);
        demo.args(["demo", "--port", &port.to_string(), "--data"]).arg(&data);
        demo.stdin(Stdio::null()).stdout(out).stderr(err);
        let child = demo
            .spawn()
            .map_err(|error| Failure::new(format!("`{}` could not be started: {error}", binary.display())))?;
        let mut server = Server { child, url: format!("http://127.0.0.1:{port}"), log, data };
        server.wait_ready(port)?;
        println!("ready at {}", server.url);
        Ok(server)
    }

    /// Where it answers, without a closing slash.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything it printed.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn wait_ready(&mut self, port: u16) -> Result<(), Failure> {
        let began = Instant::now();
        while began.elapsed() < READY_MAX {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(Failure::new(format!("`jingce demo` ended with {status} and said:\n{}", self.said())));
            }
            if health(port).is_some_and(|status| status == 200) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Err(Failure::new(format!(
            "`jingce demo` was not ready after {} and said:\n{}",
            seconds(READY_MAX),
            self.said()
        )))
    }

    fn end(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        // Asked first, so that it ends as it would for a person.
        works("kill", &["-TERM", &self.child.id().to_string()]);
        let began = Instant::now();
        while began.elapsed() < STOP_MAX {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        // Either it is gone already or it is ended now; there is nobody left to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
        // What cannot be taken away now is taken away before the next run.
        let _ = clear(&self.data);
    }
}

fn clear(folder: &Path) -> std::io::Result<()> {
    if folder.exists() { std::fs::remove_dir_all(folder) } else { Ok(()) }
}

fn free_port() -> Result<u16, Failure> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    bound.map(|address| address.port()).map_err(|error| Failure::new(format!("no free port on this machine: {error}")))
}

/// The HTTP status of `/healthz`, if anything answers.
fn health(port: u16) -> Option<u16> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut head = [0; 64];
    let read = stream.read(&mut head).ok()?;
    status(&head[..read])
}

fn status(head: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(head);
    text.strip_prefix("HTTP/1.")?.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_read_from_the_first_line() {
        assert_eq!(status(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n"), Some(200));
        assert_eq!(status(b"HTTP/1.1 503 Service Unavailable\r\n"), Some(503));
        assert_eq!(status(b"SSH-2.0-OpenSSH"), None);
        assert_eq!(status(b""), None);
    }

    #[test]
    fn a_server_that_answers_is_seen_and_a_closed_port_is_not() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("one caller");
            let mut request = [0; 256];
            let read = stream.read(&mut request).expect("a request");
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nok").expect("an answer");
            String::from_utf8_lossy(&request[..read]).into_owned()
        });
        assert_eq!(health(port), Some(200));
        assert!(answering.join().expect("served").starts_with("GET /healthz HTTP/1.1\r\n"));
        assert_eq!(health(free_port().expect("a port")), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_server_that_ends_early_is_told_with_its_words() {
        let folder = std::env::temp_dir().join(format!("xtask-server-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        // A shell called jingce finds no script `demo` and says so.
        let binary = folder.join("jingce");
        std::os::unix::fs::symlink("/bin/sh", &binary).expect("a link");
        let failure = Server::start(&binary, &folder).expect_err("it ends at once").to_string();
        clear(&folder).expect("it was made here");
        assert!(failure.starts_with("`jingce demo` ended with exit status: "), "{failure}");
        assert!(failure.lines().nth(1).is_some_and(|said| said.contains("demo")), "{failure}");
    }

    #[test]
    fn no_browser_in_an_empty_path() {
        assert_eq!(in_path(std::ffi::OsStr::new("")), None);
    }
}
