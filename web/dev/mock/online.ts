// 模拟: online monitoring: the wall, the push of new values, and the answers of ./online/.
import type { ServerResponse } from "node:http";
import type { GatewayHealth, StreamEvent, ValuesOf, Wall } from "../../src/api/online.ts";
import { noise, ok, two, type Answer, type Ask } from "./kit.ts";
import { ALERTS, alertOf, AREAS, BEGAN, DEVICES, ITEMS, PARAMETERS, iso, wallValue } from "./online/devices.ts";
import { frames } from "./online/frames.ts";
import { people, told } from "./online/people.ts";
import { outlets } from "./online/series.ts";

/** JINGCE_MOCK_STOPPED=1: the gateway stands still because the disk is full. */
const STOPPED = process.env["JINGCE_MOCK_STOPPED"] === "1";
let counted = 1_874_223;

function health(): GatewayHealth {
  counted += 40;
  const counter = (id: string, zh: string, en: string, value: number) => ({ id, title: two(zh, en), value });
  return { now: iso(Date.now()), accepting: !STOPPED, reason: STOPPED ? { code: "disk-full", message: two("数据盘已满（剩余 0 B，需要至少 64 MB）。请清理磁盘；空间恢复后网关自动继续接收，已应答的报文没有丢失。", "The data disk is full (0 B left, at least 64 MB needed). Free some space; the gateway then goes on by itself, and no answered frame is lost.") } : null, since: iso(BEGAN), hj212: "127.0.0.1:9212", mqtt: null, connections: DEVICES.filter((device) => device.connected).length, max_connections: 12_000, queue: 3, in_flight_bytes: 41_280, in_flight_limit_bytes: 67_108_864, memory_bytes: 143_654_912, journal_frames: counted, journal_last: counted, counters: [counter("frames", "收到报文", "Frames received", counted), counter("answered", "已应答", "Answered", counted - 312), counter("conforms", "符合标准", "Conforming", counted - 51_212), counter("deviates", "有偏差", "Deviating", 50_900), counter("broken", "破损", "Broken", 312), counter("refused", "拒绝的连接", "Refused connections", 7)], simulated: true };
}

function wall(): Wall {
  return { now: iso(Date.now()), devices: DEVICES, parameters: PARAMETERS, areas: AREAS, simulated: true };
}

export function online(ask: Ask): Answer {
  if (!ask.path.startsWith("online/")) return null;
  if (ask.path === "online/gateway") return ok(health());
  if (ask.path === "online/devices") return ok(wall());
  return outlets(ask) ?? frames(ask) ?? people(ask);
}

/** New values of a thirtieth of the devices each second, as instruments that send twice a minute; of one outlet all. */
function values(outlet: string | null, round: number): ValuesOf[] {
  const now = Date.now();
  return DEVICES.flatMap((device, at) => {
    if (device.state !== "online" || (outlet === null ? at % 30 !== round % 30 : device.outlet?.code !== outlet || round % 3 !== 0)) return [];
    const rows = ITEMS[device.outlet?.kind ?? "gas"].map((row) => wallValue(row, device.outlet?.code ?? device.mn, now, 600_000 + round));
    Object.assign(device, { values: rows, last_seen: iso(now), data_time: iso(now), frames_today: device.frames_today + 1 });
    return [{ mn: device.mn, outlet: device.outlet?.code ?? null, cadence: "realtime" as const, data_time: iso(now), received: iso(now), frame: 600_000 + round, frames_today: device.frames_today, deviations_today: device.deviations_today, values: rows }];
  });
}

export function stream(response: ServerResponse, outlet: string | null): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const tell = (event: StreamEvent) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  tell({ kind: "hello", now: iso(Date.now()), simulated: true });
  told.push(tell);
  let round = 0;
  const timer = setInterval(() => {
    round += 1;
    const devices = values(outlet, round);
    if (devices.length > 0) tell({ kind: "values", now: iso(Date.now()), devices });
    if (round % 10 === 0) tell({ kind: "ping", now: iso(Date.now()) });
    if (round % 5 === 0) tell({ kind: "gateway", health: health() });
    if (round % 25 === 8 && outlet === null) happen(tell, round);
  }, 1000);
  response.on("close", () => {
    clearInterval(timer);
    told.splice(told.indexOf(tell), 1);
  });
}

/** Now and then an alert is raised, and a device falls silent or comes back. */
function happen(tell: (event: StreamEvent) => void, round: number): void {
  const device = DEVICES[Math.floor(noise(`happen${round}${Date.now()}`) * DEVICES.length)];
  if (!device) return;
  if (round % 50 === 8) {
    const alert = alertOf(`al-live-${Date.now()}`, device, "open", Date.now());
    if (!alert) return;
    ALERTS.unshift(alert);
    device.alerts += 1;
    tell({ kind: "alert", alert });
  } else if (device.state !== "never") device.state = device.state === "online" ? "late" : "online";
  tell({ kind: "device", device });
}
