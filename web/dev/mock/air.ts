// 模拟: stations, days, hours, wind and statistics drawn from a fixed noise.
import { datesOf, noise, ok, two, type Answer, type Ask } from "./kit.ts";

const STATIONS = ["M1", "M2", "M3", "M4"].map((station, at) => ({ station, name: two(`模拟站${"一二三四"[at]}`, `simulated ${at + 1}`), lon: 104.4 + 0.16 * at, lat: 30.0 + 0.1 * (at % 3), datum: "WGS-84" }));
const ITEMS = ["so2", "no2", "co", "o3_8h", "pm10", "pm25"];

function aqiOf(seed: string): number {
  return Math.round(25 + 320 * noise(seed) ** 4);
}
const levelOf = (aqi: number) => (aqi <= 50 ? 1 : aqi <= 100 ? 2 : aqi <= 150 ? 3 : aqi <= 200 ? 4 : aqi <= 300 ? 5 : 6);
const itemsOf = (aqi: number) => Object.fromEntries(ITEMS.map((item, at) => [item, { value: Math.round(aqi / (at + 1)), exact: String(aqi / (at + 1)), iaqi: at === 5 ? aqi : 20, stations: 4, hours: 24, valid: true }]));
function day(date: string, seed = "") {
  const aqi = noise(`gap${date}`) < 0.02 ? null : aqiOf(date + seed);
  return { date, aqi, level: aqi === null ? null : levelOf(aqi), primary: aqi !== null && aqi > 50 ? ["pm25"] : [], valid: aqi !== null, rules: "air-2012", items: aqi === null ? {} : itemsOf(aqi), excluded: false };
}

const polygon = (x: number, y: number, w: number, h: number) => ({ type: "Polygon", coordinates: [[[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]] });
const shape = (name: string, kind: string, geometry: unknown) => ({ type: "Feature", properties: { name, kind }, geometry });
const MAP = { type: "FeatureCollection", features: [shape("模拟邻市", "neighbour", polygon(103.6, 29.7, 0.6, 0.9)), shape("模拟市", "city", polygon(104.2, 29.7, 1, 0.8)), shape("模拟甲区", "district", polygon(104.2, 29.7, 0.5, 0.8)), shape("模拟乙县", "district", polygon(104.7, 29.7, 0.5, 0.8)), shape("模拟江", "river", { type: "LineString", coordinates: [[104.2, 30.4], [104.6, 30.1], [105.2, 29.8]] })] };

const statistic = (id: string, zh: string, value: number, unit: string, limit: number | null) => ({ id, title: two(`模拟：${zh}`, `simulated ${id}`), value, exact: String(value), unit, valid: true, n: 358, of: 365, target: null, limit, state: limit === null ? null : value <= limit ? "achieved" : "behind", rules: "air-2012", confidence: "confirmed", notes: [] });
const STATISTICS = [statistic("air.pm25.mean", "PM2.5 年均", 38, "µg/m³", 35), statistic("air.o3.p90", "O3 第90百分位", 151, "µg/m³", 160), statistic("air.good_ratio", "优良天数比例", 88.2, "%", null), statistic("air.composite_index", "综合指数", 4.12, "1", null)];

function explain(query: URLSearchParams): Answer {
  const year = Number(query.get("year"));
  return ok({ indicator: query.get("indicator"), title: two("模拟", "simulated"), area: "999900", year, value: 38, exact: "37.6123", unit: "µg/m³", valid: true, rules: [{ standard: "m1", number: "GB 0000-2012", clause: "4.2", title: two("模拟条款", "simulated clause"), confidence: "confirmed" }], equation: two("有效日均值的算术平均", "mean of valid days"), steps: [{ text: two("模拟步骤一", "simulated step") }], completeness: { days: 358, of: 365, per_month: Array.from({ length: 12 }, (_, at) => ({ month: at + 1, days: at === 1 ? 22 : 30, needed: at === 1 ? 25 : 27 })), valid: false }, exclusions: [], days: datesOf(year).map((date) => ({ ...day(date), value: String(aqiOf(date)), used: true, stations: 4 })), sources: [{ import: "i1", file: "模拟.csv", sha256: "0".repeat(64), recorded: "2026-01-01T00:00:00Z", rows: 8760 }], as_of: query.get("as_of") });
}

function hours(query: URLSearchParams): Answer {
  const date = query.get("date") ?? "";
  return ok(Array.from({ length: 24 }, (_, at) => ({ hour: `${date} ${String(at + 1).padStart(2, "0")}:00`, parameter: "pm25", name: two("PM2.5", "PM2.5"), unit: "µg/m³", value: String(aqiOf(date + at)), flag: "N", revision: at === 3 ? 2 : 1, import: "i1", file: "模拟.csv", row: 100 + at, recorded: "2026-01-01T00:00:00Z", earlier: at === 3 ? [{ value: "11", revision: 1, recorded: "2025-12-01T00:00:00Z", file: "模拟-旧.csv", row: 103 }] : [] })));
}

function place(query: URLSearchParams): Answer {
  const date = query.get("date") ?? "";
  return ok({ date, hour: query.get("hour") ? Number(query.get("hour")) : null, stations: STATIONS.map((station) => ({ ...station, ...day(date, station.station + (query.get("hour") ?? "")), color: null })) });
}

export function air({ path, query }: Ask): Answer {
  const year = Number(query.get("year") ?? 2021);
  if (/^areas\/\d+\/map$/.test(path)) return ok(MAP);
  if (path === "indicators") return ok(STATISTICS);
  if (path === "explain") return explain(query);
  if (path === "air/days") return ok(datesOf(year).map((date) => day(date, query.get("rules") ?? "")));
  if (path === "air/day") return ok({ date: query.get("date"), city: day(query.get("date") ?? ""), stations: STATIONS.map((station) => ({ ...station, ...day(query.get("date") ?? "", station.station) })), rules: "air-2012" });
  if (path === "air/hours") return hours(query);
  if (path === "air/stations") return place(query);
  if (path === "air/series") return ok({ unit: "µg/m³", name: two("PM2.5", "PM2.5"), points: datesOf(2021).map((date) => [date, aqiOf(date)]), limit: 75 });
  if (path === "air/wind") return ok({ stations: ["M1"], calm_share: 0.04, sectors: 16, bins: [{ label: "<1", from: 0, to: 1 }, { label: "1–3", from: 1, to: 3 }, { label: "≥3", from: 3, to: null }], counts: Array.from({ length: 16 }, (_, at) => [1, 2, 3].map((bin) => Math.round(400 * noise(`w${at}${bin}`)))), pollutant: null, hours: 8760 });
  if (path === "air/compare") return ok({ a: query.get("a"), b: query.get("b"), summary: { a: { good_days: 310, valid_days: 358, good_ratio: 86.6, heavy_days: 3 }, b: { good_days: 285, valid_days: 358, good_ratio: 79.6, heavy_days: 4 } }, changed: datesOf(2021).slice(0, 30).map((date) => ({ date, a: day(date), b: day(date, "b") })), days: 365 });
  if (path === "air/stations/ranking") return ok(STATIONS.map((station, at) => ({ ...station, good_days: 300 - at, valid_days: 358, good_ratio: 83.8 - at, pm25_mean: 36 + at, o3_p90: 150 + at, composite: 4.1 + at / 10, rank: at + 1 })));
  return null;
}
