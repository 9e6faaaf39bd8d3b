// 模拟: areas, stations, maps, rule sets, classes and standards. Boundaries and places of stations are the bundled real ones.
import { readFileSync } from "node:fs";
import { ok, refuse, two, type Answer, type Ask } from "./kit.ts";

const demo = (file: string) => readFileSync(new URL(`../../../data/demo/${file}`, import.meta.url), "utf8");
const SIMULATED = two("模拟数据，仅用于页面开发", "simulated data for page development");
const years = [2017, 2016, 2015, 2014];

export const AREAS = [
  { id: "512000", name: two("资阳市", "Ziyang"), plan: "ziyang-145", has_map: true, stations: 4, years: [] as number[], note: SIMULATED },
  { id: "110000", name: two("北京市", "Beijing"), plan: null, has_map: true, stations: 12, years, note: SIMULATED },
  { id: "999900", name: two("模拟市", "Simulated City"), plan: "mock-145", has_map: true, stations: 4, years: [2023, 2022, 2021], note: SIMULATED },
  { id: "999800", name: two("模拟无界市", "Simulated, no map"), plan: null, has_map: false, stations: 4, years: [2021], note: null },
];

interface Station {
  station: string;
  name: { zh: string; en: string };
  lon: number;
  lat: number;
  datum: string;
}

export function stationsOf(area: string | null): Station[] {
  const wanted = area === "110000" ? "110000" : "512000";
  const rows = demo("stations.csv").trim().split("\n").slice(1).map((line) => line.split(","));
  return rows
    .filter((cells) => cells[3] === wanted)
    .map(([station = "", zh = "", en = "", , lon, lat, datum = ""]) => ({ station, name: two(zh, en), lon: Number(lon), lat: Number(lat), datum }));
}

const standard = (id: string, number: string, zh: string, en: string, confidence: string) => ({ id, title: two(zh, en), number, confidence });
const GB12 = standard("gb3095-2012", "GB 3095-2012", "环境空气质量标准", "Ambient air quality standards", "confirmed");
const HJ12 = standard("hj633-2012", "HJ 633-2012", "环境空气质量指数（AQI）技术规定（试行）", "Technical regulation on ambient air quality index (on trial)", "confirmed");
const HJ13 = standard("hj663-2013", "HJ 663-2013", "环境空气质量评价技术规范（试行）", "Technical regulation for ambient air quality assessment (on trial)", "probable");
const GB26 = standard("gb3095-2026-transition", "GB 3095-2026", "环境空气质量标准（过渡阶段）", "Ambient air quality standards, transition", "probable");
const GB31 = standard("gb3095-2026-final", "GB 3095-2026", "环境空气质量标准", "Ambient air quality standards, final", "probable");
const HJ26 = standard("hj633-2026", "HJ 633-2026", "环境空气质量指数（AQI）技术规范", "Technical specification for the air quality index", "unconfirmed");

export const SETS = [
  { id: "air-2012", title: two("2012 版（GB 3095-2012 及修改单）", "2012 rules (GB 3095-2012, amended)"), from: "2016-01-01", to: "2026-02-28", standards: [GB12, HJ12, HJ13] },
  { id: "air-2026-transition", title: two("2026 版过渡限值", "2026 rules, transition limits"), from: "2026-03-01", to: "2030-12-31", standards: [GB26, HJ26, HJ13] },
  { id: "air-2026-final", title: two("2026 版最终限值", "2026 rules, final limits"), from: "2031-01-01", to: null, standards: [GB31, HJ26, HJ13] },
];

const FROM = [0, 51, 101, 151, 201, 301];
const CLASSES: [string, string, string][] = [
  ["#00E400", "优", "Excellent"],
  ["#FFFF00", "良", "Good"],
  ["#FF7E00", "轻度污染", "Lightly polluted"],
  ["#FF0000", "中度污染", "Moderately polluted"],
  ["#99004C", "重度污染", "Heavily polluted"],
  ["#7E0023", "严重污染", "Severely polluted"],
];
const LEVELS = CLASSES.map(([color, zh, en], at) => ({
  level: at + 1,
  class: two(zh, en),
  name: two(`${"一二三四五六"[at]}级`, `Level ${at + 1}`),
  color,
  aqi_from: FROM[at],
  aqi_to: at === 5 ? 500 : (FROM[at + 1] ?? 0) - 1,
  effect: two("模拟：空气质量可接受，但某些污染物可能对极少数异常敏感人群健康有较弱影响", "simulated: acceptable, but a few very sensitive people may feel some pollutants"),
  advice: two("模拟：极少数异常敏感人群应减少户外活动", "simulated: very sensitive people should stay less outdoors"),
}));
export const levelOf = (aqi: number) => FROM.filter((from) => aqi >= from).length;

function standards() {
  const seen = new Map(SETS.flatMap((set) => set.standards.map((row) => [row.id, { ...row, kind: "quality", from: set.from, to: set.to, source: "模拟：来源说明", tables: 3, cases: 9 }])));
  return [...seen.values()];
}

export function places({ path }: Ask): Answer {
  if (path === "areas") return ok(AREAS);
  if (path === "rules") return ok(SETS);
  if (path === "levels") return ok(LEVELS);
  if (path === "version") return ok({ version: "模拟", commit: null });
  if (path === "standards") return ok(standards());
  const map = path.match(/^areas\/(\d+)\/map$/)?.[1];
  if (!map) return null;
  if (map === "999800") return refuse(404, "no-map", "该区域没有边界", "the area has no boundary");
  return ok(JSON.parse(demo(map === "110000" ? "beijing.geojson" : "ziyang.geojson")));
}
