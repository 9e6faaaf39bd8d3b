// A running server with instruments that send to it, for the tests of online monitoring.
//
// JINGCE_BIN names the program: it is started on free ports with an empty folder, the simulator's register is imported, and
// the simulator sends to it. Without it the server at JINGCE_URL is used as it is, with the operators JINGCE_TOKENS=ONE,TWO
// (ONE reviews, controls and acknowledges; TWO approves). JINGCE_SIMULATE adds arguments to the simulator's.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const READY_MS = 120_000;
const run = promisify(execFile);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The first match of each pattern in what the program prints; fails when it ends before. */
function printed(child, patterns) {
  return new Promise((resolve, reject) => {
    let said = "";
    const late = setTimeout(() => reject(new Error(`the server did not say where it listens:\n${said}`)), READY_MS);
    const hear = (piece) => {
      said += piece;
      const found = patterns.map((pattern) => said.match(pattern)?.[1]);
      if (found.every(Boolean)) {
        clearTimeout(late);
        resolve(found);
      }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
}

async function importRegister(url, folder) {
  const mappings = await (await fetch(`${url}/api/mappings`)).json();
  for (const table of ["outlets", "devices", "channels", "limits"]) {
    const file = readdirSync(folder).find((name) => name.startsWith(table));
    const mapping = mappings.find((row) => row.into === table);
    if (!file || !mapping) throw new Error(`no file or no mapping of ${table}`);
    const form = new FormData();
    form.append("mapping", mapping.id);
    form.append("file", new Blob([readFileSync(join(folder, file))]), file);
    const { job } = await (await fetch(`${url}/api/imports`, { method: "POST", body: form })).json();
    for (;;) {
      const now = await (await fetch(`${url}/api/jobs/${job}`)).json();
      if (now.state === "failed") throw new Error(`${table}: ${JSON.stringify(now.error)}`);
      if (now.state === "done") break;
      await pause(200);
    }
  }
}

async function operator(program, data, name, scopes) {
  const { stdout } = await run(program, ["operator", "add", name, "--scopes", scopes, "--data", data]);
  const token = stdout.match(/[A-Za-z0-9_-]{20,}/)?.[0];
  if (!token) throw new Error(`no token in: ${stdout}`);
  return token;
}

async function values(url) {
  const began = Date.now();
  while (Date.now() - began < READY_MS) {
    const answer = await fetch(`${url}/api/online/devices`);
    if (answer.ok && (await answer.json()).devices.some((device) => device.values.length > 0)) return;
    await pause(500);
  }
  throw new Error("no device sent a value");
}

async function started(program) {
  const folder = mkdtempSync(join(tmpdir(), "jingce-online-"));
  const data = join(folder, "data");
  const register = join(folder, "register");
  const children = [];
  const begin = (args) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    return child;
  };
  const end = () => {
    for (const child of children) child.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    const server = begin(["serve", "--data", data, "--port", "0", "--hj212-port", "0"]);
    const [url, hj212] = await printed(server, [/(http:\/\/127\.0\.0\.1:\d+)/, /hj212 tcp (127\.0\.0\.1:\d+)/]);
    const tokens = [await operator(program, data, "测试一", "control,review,acknowledge"), await operator(program, data, "测试二", "approve,acknowledge")];
    const extra = (process.env.JINGCE_SIMULATE ?? "").split(" ").filter(Boolean);
    begin(["simulate", "--seed", "7", "--devices", "60", "--speed", "60", "--to", hj212, "--register", register, ...extra]);
    const began = Date.now();
    const whole = () => ["outlets", "devices", "channels", "limits"].every((table) => readdirSync(folder).includes("register") && readdirSync(register).some((name) => name.startsWith(table)));
    while (!whole() && Date.now() - began < READY_MS) await pause(200);
    await importRegister(url, register);
    await values(url);
    return { url, tokens, end };
  } catch (error) {
    end();
    throw error;
  }
}

/** `{ url, tokens, end }`, or `{ skip }` with the reason when the server at hand has nothing online. */
export async function city() {
  if (process.env.JINGCE_BIN) return started(process.env.JINGCE_BIN);
  const url = (process.env.JINGCE_URL ?? "").replace(/\/$/, "");
  if (!url) return { skip: "neither JINGCE_BIN nor JINGCE_URL is set" };
  const answer = await fetch(`${url}/api/online/devices`).catch(() => null);
  const json = (answer?.headers.get("content-type") ?? "").includes("json");
  const devices = answer?.ok && json ? (await answer.json()).devices : [];
  if (devices.length === 0) return { skip: `${url} has no instruments; name the program in JINGCE_BIN` };
  return { url, tokens: (process.env.JINGCE_TOKENS ?? "").split(",").filter(Boolean), end: () => undefined };
}
