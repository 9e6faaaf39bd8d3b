// 模拟: curves, statements and marks of one outlet.
import type { Cadence, Curve, CurvePoint, DataFlag, JudgedPeriod, LimitSegment, Mark, OutletPage, Statement, WallDevice } from "../../../src/api/online.ts";
import { noise, ok, refuse, two, type Answer, type Ask } from "../kit.ts";
import { ALERTS, AREAS, BEGAN, DEVICES, ITEMS, MINUTE, PARAMETERS, iso, valueAt } from "./devices.ts";

const STEP: Record<Cadence, number> = { realtime: 30_000, minute: 10 * MINUTE, hour: 60 * MINUTE, day: 1440 * MINUTE };
const TESTS = [
  { id: "spike", title: two("突变", "Spike") },
  { id: "flat", title: two("恒值", "Flat line") },
];
export const MARKS: Mark[] = DEVICES.slice(0, 8).flatMap((device, at) => (device.outlet ? [{ id: `mk-${at}`, outlet: device.outlet, mn: null, codes: [], from: iso(BEGAN - 400 * MINUTE), to: iso(BEGAN - 310 * MINUTE), kind: "maintenance", title: two("仪器维护", "Instrument maintenance"), source: "person" as const, reason: "模拟：季度维护，更换采样泵", evidence: "模拟运维记录 2026-03", who: "模拟李工", at: iso(BEGAN - 300 * MINUTE), withdrawn: null, simulated: true }] : []));
const inMark = (device: WallDevice, at: number) => MARKS.some((mark) => mark.withdrawn === null && mark.outlet.code === device.outlet?.code && at >= Date.parse(mark.from) && (mark.to === null || at < Date.parse(mark.to)));

function flagAt(seed: string, at: number): DataFlag {
  const block = noise(`${seed}f${Math.floor(at / 5_400_000)}`);
  return block > 0.97 ? "M" : block > 0.95 ? "C" : block > 0.94 ? "D" : "N";
}

function pointAt(device: WallDevice, row: (typeof ITEMS)["gas"][number], at: number, cadence: Cadence): CurvePoint {
  const seed = device.outlet?.code ?? device.mn;
  const chance = noise(`${seed}${row.code}q${Math.floor(at / STEP[cadence])}`);
  const spike = chance > 0.994 ? 1.9 : 1;
  const value = valueAt(row, seed, at) * spike;
  const flag = flagAt(seed, at);
  const gas = row.high !== undefined && row.unit === "mg/m3" && row.code.startsWith("a");
  const converted = gas ? value * 1.06 : null;
  const long = cadence === "hour" || cadence === "day";
  const text = (number: number) => number.toFixed(row.places);
  const qc = spike > 1 ? [{ test: "spike", flag: chance > 0.997 ? (4 as const) : (3 as const), words: two(`${text(value / 1.9)} → ${text(value)}，变化超过阈值 ${text(row.mean * 0.5)}`, `${text(value / 1.9)} → ${text(value)}, more than ${text(row.mean * 0.5)} allowed`) }] : [];
  return { time: iso(at), value: text(value), converted: converted === null ? null : text(converted), min: cadence === "realtime" ? null : text(value * 0.93), max: cadence === "realtime" ? null : text(value * 1.08), own: long ? text(value * 1.002) : null, own_converted: long && converted !== null ? text(converted * 1.002) : null, flag, qc_flag: qc[0]?.flag ?? 1, qc, review: null, marked: inMark(device, at), over: flag === "N" && row.high !== undefined && (converted ?? value) > row.high, frame: Math.floor(at / 10_000) % 9_000_000 };
}

function curve(device: WallDevice, query: URLSearchParams): Answer {
  const outlet = device.outlet;
  if (!outlet) return null;
  const cadence = (query.get("cadence") ?? "minute") as Cadence;
  const from = Date.parse(query.get("from") ?? "");
  const to = Date.parse(query.get("to") ?? "");
  const step = STEP[cadence];
  const codes = query.get("code")?.split(",") ?? [];
  const first = Math.ceil((from + 28_800_000) / step) * step - 28_800_000;
  const end = Math.min(to, BEGAN + (Date.now() - BEGAN));
  const series = codes.flatMap((code) => {
    const row = ITEMS[outlet.kind].find((each) => each.code === code);
    if (!row) return [];
    const points: CurvePoint[] = [];
    for (let at = first; at < end; at += step) if (noise(`${outlet.code}gap${Math.floor(at / 3_600_000)}`) < 0.97) points.push(pointAt(device, row, at, cadence));
    const limits: LimitSegment[] = row.high === undefined ? [] : [{ from: iso(from), to: iso(to), low: row.low === undefined ? null : String(row.low), high: String(row.high), basis: outlet.kind === "gas" ? "converted" : "measured", kind: "permit", document: "模拟排污许可证" }];
    return [{ mn: device.mn, code, unit: row.unit, points, limits }];
  });
  const body: Curve = { outlet: outlet.code, cadence, from: iso(from), to: iso(to), series, marks: MARKS.filter((mark) => mark.outlet.code === outlet.code), tests: TESTS, parameters: PARAMETERS, simulated: true };
  return ok(body);
}

function judged(device: WallDevice, row: (typeof ITEMS)["gas"][number], start: number, step: "hour" | "day" | "month"): JudgedPeriod {
  const point = pointAt(device, row, start, step === "hour" ? "hour" : "day");
  const of = step === "hour" ? 60 : step === "day" ? 24 : 30;
  const chance = noise(`${device.mn}${row.code}${start}${step}`);
  const n = chance > 0.93 ? Math.floor(of * 0.6) : of - (chance > 0.6 ? 1 : 0);
  const valid = n >= of * 0.75;
  const amount = row.places === 0 ? (Number(point.value) * (step === "hour" ? 1 : 24)).toFixed(0) : (Number(point.value) * (step === "hour" ? 0.21 : step === "day" ? 5.04 : 156)).toFixed(2);
  const result = (share: number) => ({ value: (Number(point.value) * share).toFixed(row.places), converted: point.converted === null ? null : (Number(point.converted) * share).toFixed(row.places), amount, n, of, valid, flag: valid ? ("N" as const) : ("D" as const) });
  return { start: iso(start), without_marks: result(1), with_marks: { ...result(0.992), n: n - (chance > 0.5 ? 1 : 0) }, instrument: { value: point.value, converted: point.converted, amount }, difference: { value: "0.1", converted: "0.1", amount: "0.00", percent: chance > 0.9 ? "6.1" : "0.2", notable: chance > 0.9 }, substitution: valid ? null : { amount: (Number(amount) * 0.3).toFixed(2), hours: of - n, rule: two("HJ 75-2017 12.3：取失效前 180 个有效小时的最大值", "HJ 75-2017 12.3: the greatest of the 180 valid hours before"), confidence: "unconfirmed" }, transmission: { n: of, of, percent: "100.0" }, validity: { n, of, percent: ((100 * n) / of).toFixed(1) }, effective_percent: ((100 * n) / of).toFixed(1), low: row.low === undefined ? null : String(row.low), high: row.high === undefined ? null : String(row.high), over: row.high !== undefined && Number(point.converted ?? point.value) > row.high, frame: point.frame, notes: [] };
}

function statement(device: WallDevice, query: URLSearchParams): Answer {
  const outlet = device.outlet;
  if (!outlet) return null;
  const month = query.get("month") ?? "";
  const day = query.get("day");
  const begin = Date.parse(`${month}-01T00:00:00+08:00`);
  const length = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();
  const days = Array.from({ length }, (_, at) => begin + at * 1440 * MINUTE).filter((at) => at <= Date.now());
  const lines = days.length === 0 ? [] : ITEMS[outlet.kind].map((row) => ({ mn: device.mn, code: row.code, unit: row.unit, amount_unit: row.code.endsWith("00000") ? "m3" : row.high !== undefined && row.code !== "w01001" && outlet.kind !== "noise" ? "kg" : null, month: judged(device, row, begin, "month"), days: days.map((at) => judged(device, row, at, "day")), hours: day === null ? [] : Array.from({ length: 24 }, (_, at) => judged(device, row, Date.parse(`${day}T00:00:00+08:00`) + at * 60 * MINUTE, "hour")) }));
  const body: Statement = { outlet: outlet.code, month, day, computed: iso(Date.now()), rules: [{ document: "HJ 75-2017", clause: "12.2", title: two("数据有效性", "Validity of data"), confidence: "probable" }, { document: "HJ 212-2017", clause: "附录 D", title: two("统计计算", "Statistics"), confidence: "confirmed" }], lines, parameters: PARAMETERS, simulated: true };
  return ok(body);
}

function page(device: WallDevice): Answer {
  const outlet = device.outlet;
  if (!outlet) return null;
  const rows = ITEMS[outlet.kind];
  const gas = outlet.kind === "gas";
  const now = Date.now();
  const body: OutletPage = {
    now: iso(now),
    outlet: { code: outlet.code, name: outlet.name, kind: outlet.kind, area: AREAS.find((area) => area.code === outlet.area) ?? { code: outlet.area, name: two("", "") }, enterprise: outlet.enterprise, lon: 104.65, lat: 30.12, section_m2: gas ? "12.56" : null, velocity_factor: gas ? "0.98" : null, reference_o2_percent: gas ? "6" : null, reference_air_ratio: null, note: "模拟排口，仅用于页面开发", simulated: true },
    devices: [device],
    channels: rows.map((row) => ({ mn: device.mn, code: row.code, unit: row.unit, resolution: "0.1", range_low: "0", range_high: String(row.mean * 10) })),
    limits: rows.flatMap((row) => (row.high === undefined ? [] : (["hour", "day"] as const).map((statistic) => ({ code: row.code, statistic, basis: gas ? ("converted" as const) : ("measured" as const), kind: "permit" as const, from: "2024-01-01", to: null, low: row.low === undefined ? null : String(row.low), high: String(row.high), unit: row.unit, document: "模拟排污许可证 2026-001，表 7" })))),
    held: device.state === "never" ? [] : (["realtime", "minute", "hour", "day"] as const).map((cadence) => ({ cadence, first: iso(BEGAN - 60 * 1440 * MINUTE), last: iso(Math.floor((now + 28_800_000) / STEP[cadence] - (cadence === "realtime" ? 0 : 1)) * STEP[cadence] - 28_800_000) })),
    marks: MARKS.filter((mark) => mark.outlet.code === outlet.code),
    alerts: ALERTS.filter((alert) => alert.outlet.code === outlet.code),
    parameters: PARAMETERS,
    simulated: true,
  };
  return ok(body);
}

export function outlets({ path, query }: Ask): Answer {
  const [, encoded = "", part] = path.match(/^online\/outlets\/([^/]+)(?:\/(\w+))?$/) ?? [];
  if (encoded === "") return null;
  const code = decodeURIComponent(encoded);
  const device = DEVICES.find((each) => each.outlet?.code === code);
  if (!device) return refuse(404, "no-such-outlet", `登记表中没有排口“${code}”`, `the register has no outlet “${code}”`);
  return part === "curve" ? curve(device, query) : part === "statement" ? statement(device, query) : page(device);
}
