// A running server with instruments that send to it, for the tests of online monitoring.
//
// JINGCE_BIN names the program: a folder gets the simulator's register, secrets and two operators, the server starts on free
// ports, the simulator sends a day quickly and then goes on as time does. Without it the server at JINGCE_URL is used as it is,
// with the operators JINGCE_TOKENS=ONE,TWO (ONE reviews, controls and acknowledges; TWO approves).
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
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

async function operator(program, data, name, scopes) {
  const { stdout } = await run(program, ["operator", "add", name, "--may", scopes, "--data", data]);
  const token = stdout.trim();
  if (!token) throw new Error("no token was printed");
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

/** The city whose instruments send; the same in every run. */
const CITY = ["--seed", "7", "--devices", "40"];
const PAST_HOURS = 26;

/** A folder that knows the city and two operators. */
async function prepared(program, data, register) {
  await run(program, ["simulate", ...CITY, "--register", register]);
  for (const table of ["outlets", "devices", "channels", "limits"]) await run(program, ["import", join(register, `${table}.csv`), "--mapping", table, "--data", data]);
  await run(program, ["device", "secrets", join(register, "secrets.csv"), "--data", data]);
  return [await operator(program, data, "测试一", "control,review,acknowledge"), await operator(program, data, "测试二", "approve,acknowledge")];
}

async function started(program) {
  const folder = mkdtempSync(join(tmpdir(), "jingce-online-"));
  const data = join(folder, "data");
  const children = [];
  const begin = (args, output) => {
    const child = spawn(program, args, { stdio: ["ignore", output, output] });
    children.push(child);
    return child;
  };
  const end = () => {
    for (const child of children) child.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    const tokens = await prepared(program, data, join(folder, "register"));
    const server = begin(["serve", "--data", data, "--port", "0", "--hj212-port", "0"], "pipe");
    const [url, hj212] = await printed(server, [/(http:\/\/127\.0\.0\.1:\d+)/, /hj212 tcp (127\.0\.0\.1:\d+)/]);
    const past = new Date(Date.now() - PAST_HOURS * 3_600_000 + 8 * 3_600_000).toISOString().slice(0, 19);
    await run(program, ["simulate", ...CITY, "--to", hj212, "--start", `${past}+08:00`, "--hours", String(PAST_HOURS), "--speed", "0", "--realtime-interval", "300"], { maxBuffer: 1e8 });
    begin(["simulate", ...CITY, "--to", hj212], "ignore");
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
