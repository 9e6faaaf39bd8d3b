// 模拟: a city's outlets and instruments, with values that depend on their code and the time only.
import type { Alert, DeviceLink, OutletKind, OutletRef, Parameter, WallDevice, WallValue } from "../../../src/api/online.ts";
import { noise, two } from "../kit.ts";

export const COUNT = Number(process.env["JINGCE_MOCK_DEVICES"] ?? 240);
export const BEGAN = Date.now();
const BEIJING_MS = 8 * 3_600_000;
export const iso = (at: number) => `${new Date(at + BEIJING_MS).toISOString().slice(0, 19)}+08:00`;
export const MINUTE = 60_000;

interface Item {
  code: string;
  zh: string;
  en: string;
  symbol: string | null;
  unit: string;
  mean: number;
  places: number;
  high?: number;
  low?: number;
}

const item = (code: string, zh: string, en: string, symbol: string | null, unit: string, mean: number, places: number, high?: number): Item => ({ code, zh, en, symbol, unit, mean, places, ...(high === undefined ? {} : { high }) });
export const ITEMS: Record<OutletKind, Item[]> = {
  gas: [item("a21026", "二氧化硫", "Sulfur dioxide", "SO2", "mg/m3", 18, 1, 35), item("a21002", "氮氧化物", "Nitrogen oxides", "NOx", "mg/m3", 32, 1, 50), item("a34013", "烟尘", "Particulate matter", null, "mg/m3", 4, 2, 10), item("a19001", "含氧量", "Oxygen", "O2", "%", 6.5, 2), item("a01012", "烟气温度", "Temperature", null, "°C", 92, 1), item("a00000", "废气流量", "Flow", null, "m3/h", 210000, 0)],
  water: [item("w01018", "化学需氧量", "Chemical oxygen demand", "COD", "mg/L", 24, 1, 50), item("w21003", "氨氮", "Ammonia nitrogen", "NH3-N", "mg/L", 1.4, 3, 5), item("w21011", "总磷", "Total phosphorus", "TP", "mg/L", 0.21, 3, 0.5), { ...item("w01001", "pH 值", "pH", "pH", "1", 7.4, 2, 9), low: 6 }, item("w00000", "废水流量", "Flow", null, "L/s", 46, 1)],
  air: [item("a34004", "细颗粒物", "Fine particles", "PM2.5", "µg/m3", 38, 0), item("a34002", "可吸入颗粒物", "Inhalable particles", "PM10", "µg/m3", 66, 0), item("a21026", "二氧化硫", "Sulfur dioxide", "SO2", "µg/m3", 9, 0), item("a05024", "臭氧", "Ozone", "O3", "µg/m3", 92, 0)],
  "surface-water": [item("w01001", "pH 值", "pH", "pH", "1", 7.9, 2), item("w01009", "溶解氧", "Dissolved oxygen", "DO", "mg/L", 7.2, 2), item("w01019", "高锰酸盐指数", "Permanganate index", null, "mg/L", 2.8, 2)],
  noise: [item("LA", "A 声级", "A-weighted level", "LA", "dB", 54, 1), item("Leq", "等效声级", "Equivalent level", "Leq", "dB", 56, 1, 60)],
  micro: [item("a34004", "细颗粒物", "Fine particles", "PM2.5", "µg/m3", 41, 0), item("a34002", "可吸入颗粒物", "Inhalable particles", "PM10", "µg/m3", 70, 0)],
};
export const PARAMETERS: Parameter[] = [...new Map(Object.values(ITEMS).flat().map((row) => [row.code, { code: row.code, name: two(row.zh, row.en), symbol: row.symbol }])).values()];
export const AREAS = [
  { code: "999901", name: two("模拟东区", "Simulated East") },
  { code: "999902", name: two("模拟西区", "Simulated West") },
  { code: "999903", name: two("模拟高新区", "Simulated High-Tech Zone") },
];
const KINDS: OutletKind[] = ["gas", "gas", "water", "gas", "water", "air", "surface-water", "micro", "noise", "gas"];
const WORKS = ["热电", "水泥", "造纸", "钢铁", "印染", "化工", "制药", "垃圾焚烧", "食品", "电镀"];
const WORKS_EN = ["Power", "Cement", "Paper", "Steel", "Dyeing", "Chemicals", "Pharma", "Incineration", "Foods", "Plating"];
const VENDORS = ["模拟仪器甲", "模拟仪器乙", "模拟仪器丙", "模拟仪器丁"];
const GENERATIONS = ["2017", "2017", "2017", "2005", "2025"];

function refOf(at: number): OutletRef {
  const kind = KINDS[at % KINDS.length] ?? "gas";
  const works = at % WORKS.length;
  const no = Math.floor(at / 10) + 1;
  const place = { gas: ["号烟囱", "stack"], water: ["号废水总排口", "waste-water outlet"], air: ["号空气站", "air station"], "surface-water": ["号断面水站", "river station"], noise: ["号噪声站", "noise station"], micro: ["号微站", "micro-station"] }[kind];
  const station = kind !== "gas" && kind !== "water";
  return { code: `MOCK-${kind === "gas" ? "DA" : kind === "water" ? "DW" : "ST"}${String(at + 1).padStart(4, "0")}`, name: two(`模拟${station ? "" : WORKS[works]}${no}${place[0]}`, `Simulated ${station ? "" : `${WORKS_EN[works]} `}${place[1]} ${no}`), kind, area: AREAS[at % 3]?.code ?? "", enterprise: station ? "模拟监测中心" : `模拟${WORKS[works]}有限公司` };
}

/** The value of an item at `at`, with a swing of the day, weather and noise; the third gas outlet goes above its limit. */
export function valueAt(row: Item, seed: string, at: number): number {
  const day = 1 + 0.18 * Math.sin((2 * Math.PI * (at % 86_400_000)) / 86_400_000 + noise(seed) * 6);
  const slow = 1 + 0.35 * (noise(`${seed}${Math.floor(at / 10_800_000)}`) - 0.5);
  const fast = 1 + 0.12 * (noise(`${seed}${row.code}${Math.floor(at / 10_000)}`) - 0.5);
  const spread = row.code === "w01001" ? 0.06 : 1;
  const base = row.mean * (1 + (day * slow * fast - 1) * spread);
  const accident = seed.endsWith("0004") && row.code === "a21026" && at % 10_800_000 > 7_500_000 ? 2.4 : 1;
  return base * accident;
}

function stateOf(at: number): DeviceLink {
  const chance = noise(`state${at}`);
  return at < 6 ? "online" : chance < 0.86 ? "online" : chance < 0.9 ? "late" : chance < 0.95 ? "silent" : chance < 0.98 ? "maintenance" : "never";
}

export function wallValue(row: Item, code: string, at: number, frame: number): WallValue {
  const value = valueAt(row, code, at);
  const o2 = row.high !== undefined && ["a21026", "a21002", "a34013"].includes(row.code) && row.unit === "mg/m3";
  const converted = o2 ? value * 1.06 : null;
  const judged = converted ?? value;
  return { code: row.code, unit: row.unit, time: iso(at), value: value.toFixed(row.places), converted: converted?.toFixed(row.places) ?? null, flag: "N", qc: noise(`${code}${row.code}${at}`) > 0.995 ? 3 : 1, low: row.low === undefined ? null : String(row.low), high: row.high === undefined ? null : String(row.high), basis: row.high === undefined ? null : o2 ? "converted" : "measured", over: row.high !== undefined && judged > row.high, frame };
}

function deviceOf(at: number): WallDevice {
  const outlet = refOf(at);
  const state = stateOf(at);
  const seen = BEGAN - (state === "late" ? 9 : state === "silent" ? 400 : 0.3) * MINUTE;
  const values = state === "never" ? [] : ITEMS[outlet.kind].map((row) => wallValue(row, outlet.code, seen, 100_000 + at));
  if (state === "maintenance") for (const value of values) value.flag = "M";
  const mn = outlet.kind === "micro" ? `mock-micro-${at + 1}` : `88888880000MOCK${String(at + 1).padStart(9, "0")}`;
  return { mn, outlet, state, connected: state === "online" || state === "maintenance", last_seen: state === "never" ? null : iso(seen), data_time: state === "never" ? null : iso(seen), generation: outlet.kind === "micro" ? "mqtt" : (GENERATIONS[at % 5] ?? null), vendor: VENDORS[at % 4] ?? null, values, alerts: 0, deviations_today: noise(`dev${at}`) > 0.8 ? Math.round(noise(`n${at}`) * 40) + 1 : 0, frames_today: state === "never" ? 0 : 900 + at, simulated: true };
}

export const DEVICES: WallDevice[] = Array.from({ length: COUNT }, (_, at) => deviceOf(at));
DEVICES.push({ ...deviceOf(3), mn: "UNKNOWNMOCK0000000000007", outlet: null, state: "unknown-mn", vendor: null, generation: "2017", alerts: 0 });

export const ALERTS: Alert[] = [];
export function alertOf(id: string, device: WallDevice, state: Alert["state"], raised: number): Alert | null {
  const value = device.values.find((each) => each.high !== null);
  const parameter = PARAMETERS.find((row) => row.code === value?.code);
  if (!device.outlet || !value || !parameter) return null;
  const name = parameter.symbol ?? parameter.name.zh;
  const over = (Number(value.high) * 1.31).toFixed(1);
  return {
    id, rule: "limit-hour", kind: "limit", title: two("小时值超过许可限值", "Hour value beyond the permit's limit"),
    words: two(`${name} ${iso(raised - 3_600_000).slice(11, 16)} 起的小时折算值 ${over}，许可限值 ${value.high}，连续 2 小时`, `${parameter.symbol ?? parameter.name.en}: converted hour value ${over} from ${iso(raised - 3_600_000).slice(11, 16)}, permit limit ${value.high}, for 2 hours`),
    outlet: device.outlet, mn: device.mn, parameter, cadence: "hour", basis: value.basis, unit: value.unit, value: over, worst: (Number(value.high) * 1.52).toFixed(1), limit: value.high, document: "模拟排污许可证 2026-001，表 7", confidence: "confirmed", state, began: iso(raised - 7_200_000), raised: iso(raised), recovered: state === "recovered" ? iso(raised + 7_200_000) : null,
    acknowledged: state === "acknowledged" ? { who: "模拟王工", at: iso(raised + 600_000), note: "已电话通知企业停产检修，待复核" } : null, frame: 100_003, simulated: true,
  };
}
const STATES: Alert["state"][] = ["open", "open", "acknowledged", "recovered", "recovered", "recovered"];
DEVICES.filter((device) => device.outlet?.kind === "gas" || device.outlet?.kind === "water").slice(2, 20).forEach((device, at) => {
  const alert = alertOf(`al-${at + 1}`, device, STATES[at % STATES.length] ?? "open", BEGAN - (at * 97 + 4) * MINUTE);
  if (!alert) return;
  ALERTS.push(alert);
  if (alert.state !== "recovered") device.alerts += 1;
});
