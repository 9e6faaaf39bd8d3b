//! Running the binary, talking to its server, and one demo folder that all tests share.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio};
use std::sync::OnceLock;

/// What a command printed, and how it ended.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// `jingce` with arguments, in English.
pub fn jingce(arguments: &[&str]) -> Ran {
    ran(command(arguments).output().expect("the binary runs"))
}

/// `jingce` with text on standard input.
pub fn jingce_with(arguments: &[&str], input: &str) -> Ran {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child.stdin.take().expect("it was piped").write_all(input.as_bytes()).expect("it reads its input");
    ran(child.wait_with_output().expect("it ends"))
}

pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jingce"));
    command.args(arguments).env("JINGCE_LANG", "en").env_remove("RUST_LOG");
    command
}

pub fn ran(output: Output) -> Ran {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints UTF-8");
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

impl Ran {
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self.out
    }

    pub fn json(self) -> serde_json::Value {
        let text = self.ok();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

/// The demo's data folder, made once.
pub fn demo() -> &'static Path {
    static DEMO: OnceLock<tempfile::TempDir> = OnceLock::new();
    DEMO.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().to_string_lossy().to_string();
        jingce(&["demo", "--no-serve", "--data", &path]).ok();
        dir
    })
    .path()
}

/// A server on a data folder; stopped when dropped.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    pub fn on(data: &Path) -> Server {
        let data = data.to_string_lossy().to_string();
        Server::started(&mut command(&["serve", "--port", "0", "--data", &data])).0
    }

    /// A server that a command starts, and what else it prints.
    pub fn started(command: &mut Command) -> (Server, BufReader<ChildStdout>) {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary runs");
        let mut printed = BufReader::new(child.stdout.take().expect("it was piped"));
        let mut line = String::new();
        printed.read_line(&mut line).expect("it prints its address");
        let address = line.trim_start_matches("http://").split_whitespace().next().unwrap_or_default().to_string();
        assert!(!address.is_empty(), "no address in {line:?}");
        (Server { child, address }, printed)
    }

    /// What it writes as errors, if the command wanted it.
    pub fn errors(&mut self) -> Option<ChildStderr> {
        self.child.stderr.take()
    }

    /// Number of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn get(&self, path: &str) -> (u16, String) {
        get(&self.address, path)
    }

    /// Uploads a file by a mapping and follows the job to its end.
    pub fn import(&self, mapping: &str, name: &str, bytes: &[u8]) -> serde_json::Value {
        let border = "----jingce-test-border";
        let mut body = format!("--{border}\r\nContent-Disposition: form-data; name=\"mapping\"\r\n\r\n{mapping}\r\n--{border}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{border}--\r\n").as_bytes());
        let head = format!(
            "POST /api/imports HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary={border}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        let (status, answer) = send(&self.address, &head, &body);
        assert_eq!(status, 202, "{answer}");
        let started: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        let job = started["job"].as_str().expect("a job id").to_string();
        for _ in 0..600 {
            let state: serde_json::Value =
                serde_json::from_str(&self.get(&format!("/api/jobs/{job}")).1).expect("JSON");
            if state["state"] != "running" {
                return state;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("the import did not end");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks a server for a page.
pub fn get(address: &str, path: &str) -> (u16, String) {
    send(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"), &[])
}

/// Posts JSON, with the token of an operator.
pub fn post(address: &str, path: &str, token: Option<&str>, body: &str) -> (u16, String) {
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{token}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    send(address, &head, body.as_bytes())
}

fn send(address: &str, head: &str, body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.write_all(head.as_bytes()).expect("it reads");
    stream.write_all(body).expect("it reads");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("it answers");
    let text = String::from_utf8_lossy(&bytes).to_string();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split_whitespace().nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    (status, if chunked { unchunked(body) } else { body.to_string() })
}

fn unchunked(mut body: &str) -> String {
    let mut text = String::new();
    while let Some((length, rest)) = body.split_once("\r\n") {
        let length = usize::from_str_radix(length.trim(), 16).unwrap_or(0);
        if length == 0 {
            break;
        }
        text.push_str(rest.get(..length).unwrap_or(rest));
        body = rest.get(length + 2..).unwrap_or("");
    }
    text
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
