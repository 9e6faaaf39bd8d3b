// 模拟: days, hours, wind and comparisons drawn from a fixed noise.
import { datesOf, noise, ok, refuse, two, type Answer, type Ask } from "./kit.ts";
import { AREAS, levelOf, stationsOf } from "./places.ts";
import { statistics } from "./statistics.ts";

const ITEMS = ["so2", "no2", "co", "o3_8h", "pm10", "pm25"];

/** Worse in winter, with weather of a few days. */
function aqiOf(date: string, seed = ""): number {
  const day = Date.parse(date) / 86_400_000;
  const season = 1 + 0.5 * Math.cos((2 * Math.PI * (day - 15)) / 365.25);
  const weather = noise(`w${Math.floor(day / 4)}`) ** 2;
  return Math.round(22 + 210 * season * weather * (0.7 + 0.6 * noise(date + seed)));
}
const itemsOf = (aqi: number) =>
  Object.fromEntries(ITEMS.map((item, at) => [item, { value: item === "co" ? Math.round(aqi / 8) / 10 : Math.round(aqi / (at < 3 ? 6 : 1.4)), exact: String(aqi / (at + 1)), iaqi: at === 5 ? aqi : 20, stations: 4, hours: 24 - at, valid: at !== 4 }]));
function day(date: string, seed = "") {
  const aqi = noise(`gap${date}`) < 0.02 ? null : aqiOf(date, seed);
  const primary = aqi === null || aqi <= 50 ? [] : Number(date.slice(5, 7)) % 12 > 4 && Number(date.slice(5, 7)) < 10 ? ["o3_8h"] : ["pm25", ...(noise(date) > 0.9 ? ["pm10"] : [])];
  return { date, aqi, level: aqi === null ? null : levelOf(aqi), primary, valid: aqi !== null, rules: "air-2012", items: aqi === null ? {} : itemsOf(aqi), excluded: noise(`x${date}`) > 0.99 };
}

function explain(query: URLSearchParams): Answer {
  const year = Number(query.get("year"));
  const found = statistics(year).find((row) => row.id === query.get("indicator"));
  if (!found) return refuse(404, "no-such-indicator", `没有指标“${query.get("indicator")}”`, `there is no indicator “${query.get("indicator")}”`);
  const rules = [["GB 3095-2012", "4.2 表 1", "环境空气污染物基本项目浓度限值"], ["HJ 663-2013", "5.1.2", "年评价：有效日均值的算术平均"]].map(([number, clause, title], at) => ({ standard: `s${at}`, number, clause, title: two(title ?? "", "simulated clause"), confidence: at ? "probable" : "confirmed" }));
  const completeness = { days: 358, of: 365, per_month: Array.from({ length: 12 }, (_, at) => ({ month: at + 1, days: at === 1 ? 22 : 30, needed: at === 1 ? 25 : 27 })), valid: false };
  const days = datesOf(year).map((date) => ({ ...day(date), value: String(aqiOf(date) + 0.25), used: true, stations: 4 }));
  const sources = [{ import: "i1", file: "模拟-小时值-2016.csv", sha256: "9f2a".repeat(16), recorded: "2026-01-01T00:00:00Z", rows: 105408 }];
  return ok({ indicator: found.id, title: found.title, area: query.get("area"), year, value: found.value, exact: found.exact, unit: found.unit, valid: found.valid, rules, equation: two("年内有效日值的算术平均，最后一次修约", "arithmetic mean of the year's valid day values, rounded once"), steps: [{ text: two("每站每日取 24 个小时值的平均（至少 20 个）", "per station and day the mean of its hours (at least 20)") }, { text: two("城市日值为各站日值的平均", "the city's day is the mean of its stations") }, { text: two("358 个有效日值的平均 = 73.0123，修约为 73", "mean of 358 valid days = 73.0123, rounded to 73") }], completeness, exclusions: [{ from: `${year}-05-04`, to: `${year}-05-05`, reason: two("模拟：沙尘过程", "simulated: sand and dust"), document: "模拟函〔2016〕8号", days: 2 }], days, sources, as_of: query.get("as_of") });
}

function hours(query: URLSearchParams): Answer {
  const date = query.get("date") ?? "";
  const old = { value: "11", revision: 1, recorded: "2025-12-01T00:00:00Z", file: "模拟-旧.csv", row: 103 };
  const row = (parameter: string, at: number) => ({ station: query.get("station"), hour: `${date} ${String(at + 1).padStart(2, "0")}:00`, parameter, name: two(parameter.toUpperCase(), parameter.toUpperCase()), unit: "µg/m3", value: at === 7 ? null : String(Math.round(aqiOf(date, `${parameter}${at}`))), flag: "N", revision: at === 3 ? 2 : 1, import: "i1", file: "模拟-小时值-2016.csv", row: 100 + at, recorded: "2026-01-01T00:00:00Z", earlier: at === 3 ? [old] : [] });
  return ok(["pm25", "pm10"].flatMap((parameter) => Array.from({ length: 24 }, (_, at) => row(parameter, at))));
}

const measured = (query: URLSearchParams) => (AREAS.find((area) => area.id === query.get("area"))?.years ?? []).includes(Number(query.get("year") ?? query.get("date")?.slice(0, 4)));
const stations = (query: URLSearchParams, date: string, seed: string) =>
  stationsOf(query.get("area")).map((station) => ({ ...station, ...(measured(query) ? day(date, station.station + seed) : { aqi: null, level: null, primary: [], items: {} }), color: null }));

function series(query: URLSearchParams): Answer {
  const year = Number(query.get("from")?.slice(0, 4));
  const dates = datesOf(year);
  const at = query.get("step") === "month" ? dates.filter((date) => date.endsWith("-01")) : query.get("step") === "hour" ? dates.flatMap((date) => Array.from({ length: 24 }, (_, h) => `${date} ${String(h + 1).padStart(2, "0")}:00`)) : dates;
  return ok({ unit: "µg/m3", name: two("PM2.5", "PM2.5"), points: at.map((when) => [when, noise(`gap${when}`) < 0.01 ? null : aqiOf(when.slice(0, 10), when + (query.get("station") ?? ""))]), limit: 75 });
}

function wind(query: URLSearchParams): Answer {
  if (query.get("area") !== "110000") return ok({ stations: [], calm_share: null, sectors: 16, bins: [], counts: [], pollutant: null, hours: 0 });
  const edges = [0.5, 1.5, 3.3, 5.4];
  const bins = edges.map((from, at) => ({ label: edges[at + 1] ? `${from}–${edges[at + 1]}` : `≥${from}`, from, to: edges[at + 1] ?? null }));
  const counts = Array.from({ length: 16 }, (_, at) => edges.map((_, bin) => Math.round((260 / (bin + 1)) * (0.3 + noise(`w${at}${bin}`)) * (at % 8 === 1 || at % 8 === 5 ? 2 : 1))));
  return ok({ stations: ["Aotizhongxin", "Dongsi"], calm_share: 0.04, sectors: 16, bins, counts, pollutant: null, hours: 8784 });
}

function compare(query: URLSearchParams): Answer {
  const all = datesOf(Number(query.get("year"))).map((date) => ({ date, a: day(date, query.get("a") ?? ""), b: day(date, query.get("b") ?? "") }));
  const side = (name: "a" | "b") => {
    const good = all.filter((row) => (row[name].level ?? 9) < 3).length;
    const valid = all.filter((row) => row[name].valid).length;
    return { good_days: good, valid_days: valid, good_ratio: Math.round((1000 * good) / valid) / 10, heavy_days: all.filter((row) => (row[name].level ?? 0) > 4).length };
  };
  return ok({ a: query.get("a"), b: query.get("b"), summary: { a: side("a"), b: side("b") }, changed: all.filter((row) => row.a.level !== row.b.level), days: all.length });
}

export function air({ path, query }: Ask): Answer {
  const year = Number(query.get("year") ?? 2016);
  const date = query.get("date") ?? "";
  const known = measured(query);
  if (path === "indicators") return ok(known ? statistics(year) : []);
  if (path === "explain") return explain(query);
  if (path === "air/days") return ok(known ? datesOf(year).map((each) => day(each, query.get("rules") ?? "")) : []);
  if (path === "air/day") return ok({ date, city: known ? day(date) : null, stations: known ? stations(query, date, "") : [], rules: "air-2012" });
  if (path === "air/hours") return hours(query);
  if (path === "air/stations") return ok({ date, hour: query.get("hour") ? Number(query.get("hour")) : null, stations: stations(query, date, query.get("hour") ?? "") });
  if (path === "air/series") return series(query);
  if (path === "air/wind") return wind(query);
  if (path === "air/compare") return compare(query);
  if (path === "air/stations/ranking") return ok(known ? stationsOf(query.get("area")).map((station, at) => ({ ...station, good_days: 300 - at, valid_days: 358, good_ratio: 83.8 - at, statistics: [{ item: "pm25", indicator: "air.pm25.mean", title: two("模拟", "simulated"), value: String(36 + at), unit: "µg/m³", valid: true }], composite: Math.round(41 + at) / 10, rank: at + 1 })) : []);
  return null;
}
