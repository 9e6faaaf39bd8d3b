// 模拟: areas, rule sets, levels, standards and a plan with invented values.
import { noise, ok, refuse, two, type Answer, type Ask } from "./kit.ts";

const STATES = ["achieved", "on-track", "behind", "no-data", "text"];
const value = (n: number) => ({ text: String(n), number: n, kind: "number" });
const words = (text: string) => ({ text, number: null, kind: "text" });
const nothing = { text: "—", number: null, kind: "absent" };

function row(no: number) {
  const base = Math.round(noise(`base${no}`) * 900) / 10;
  const target = Math.round((base + 5) * 10) / 10;
  const state = no === 1 ? "behind" : (STATES[no % STATES.length] ?? "no-data");
  const known = state !== "no-data";
  const inWords = state === "text";
  return {
    no,
    id: `mock-145.${String(no).padStart(2, "0")}`,
    title: two(no === 2 ? "模拟指标：细颗粒物（PM2.5）浓度" : `模拟指标第${no}项水质达到或好于Ⅲ类比例`, `simulated indicator ${no}`),
    unit: no === 2 ? "μg/m3" : "%",
    group: no < 16 ? "g1" : no < 19 ? "g2" : "g3",
    attribute: no % 3 ? "binding" : "expected",
    base: value(base),
    target: inWords ? words("面积不减少、功能不降、性质不改") : value(target),
    cumulative: nothing,
    target_year: 2025,
    value: known ? (inWords ? words("稳中向好") : value(Math.round((base + 2) * 10) / 10)) : null,
    value_year: known ? 2022 : null,
    source: known ? (no < 4 ? "computed" : "reported") : null,
    path: inWords ? null : Math.round((base + 2) * 10) / 10,
    state,
    why: two("模拟：按路径值比较得出", "simulated: compared with the path"),
    indicator: no === 1 ? "air.good_ratio" : no === 2 ? "air.pm25.mean" : null,
    document: known ? "模拟文件〔2022〕1号" : null,
    confidence: no === 5 ? "unconfirmed" : "confirmed",
  };
}

const rows = Array.from({ length: 23 }, (_, at) => row(at + 1));
const past = Array.from({ length: 8 }, (_, at) => ({
  group: two(at < 5 ? "模拟环境质量" : "模拟总量", at < 5 ? "simulated quality" : "simulated totals"),
  title: two(`模拟“十三五”指标${at + 1}`, `simulated past indicator ${at + 1}`),
  unit: "%",
  base2015: value(50 + at),
  target2020: value(60 + at),
  actual2020: value(61 + at),
  attribute: "binding",
  done: two("完成", "done"),
}));
const targets = Array.from({ length: 56 }, (_, at) => ({
  id: `T${String(at + 1).padStart(2, "0")}`,
  quote: `“模拟目标：建设绿道${at + 1}0千米”`,
  value: `${at + 1}0 km`,
  deadline: at % 2 ? "2025" : "—",
  line: 300 + at,
  state: at % 7 ? "no-data" : "text",
  why: two("暂无数据：没有上报值", "no data: nothing reported"),
}));

const sets = [
  { id: "air-2012", title: two("模拟 2012 规则", "simulated rules 2012"), from: "2016-01-01", to: "2026-02-28", standards: [{ id: "m1", title: two("模拟", "simulated"), number: "GB 0000-2012", confidence: "confirmed" }] },
  { id: "air-2026-transition", title: two("模拟 2026 过渡规则", "simulated rules 2026, transition"), from: "2026-03-01", to: null, standards: [{ id: "m2", title: two("模拟", "simulated"), number: "GB 0000-2026", confidence: "unconfirmed" }] },
];
const COLORS = ["#00e400", "#ffff00", "#ff7e00", "#ff0000", "#99004c", "#7e0023"];
const CLASSES = ["优", "良", "轻度污染", "中度污染", "重度污染", "严重污染"];
const ENGLISH = ["excellent", "good", "light", "moderate", "heavy", "severe"];
const levels = COLORS.map((color, at) => ({
  level: at + 1,
  class: two(CLASSES[at] ?? "", ENGLISH[at] ?? ""),
  name: two(`${"一二三四五六"[at]}级`, `level ${at + 1}`),
  color,
  aqi_from: at * 50 + (at ? 1 : 0),
  aqi_to: at === 5 ? null : (at + 1) * 50,
  effect: two("模拟健康影响", "simulated effect"),
  advice: two("模拟建议", "simulated advice"),
}));

function page(no: number): Answer {
  const found = rows.find((candidate) => candidate.no === no);
  if (!found) return refuse(404, "no-such-indicator", `规划没有第 ${no} 项指标。请从总览页选择。`, `The plan has no indicator ${no}. Choose one on the overview.`);
  const base = found.base.number ?? 0;
  const good = no === 1;
  return ok({
    row: found,
    history: [2020, 2021, 2022].map((year) => ({ year, value: value(base + year - 2020), source: "reported", document: "模拟文件", confidence: "confirmed" })),
    path: found.path === null ? [] : [2020, 2021, 2022, 2023, 2024, 2025].map((year) => ({ year, value: base + year - 2020 })),
    budget: good ? { year: 2021, days_in_year: 365, good_days_needed: 332, good_so_far: 250, polluted_so_far: 21, days_left: 94, polluted_affordable: 12, reachable: true, text: two("模拟：还可承受 12 个污染天", "simulated: 12 polluted days left") } : null,
    costs: good ? { polluted_days: 21, by_pollutant: [{ item: "pm25", name: two("PM2.5", "PM2.5"), days: 14 }, { item: "o3_8h", name: two("O3", "O3"), days: 7 }], by_station: [{ station: "M1", name: two("模拟站一", "simulated one"), station_days: 20, by_pollutant: [{ item: "pm25", days: 14 }] }], days: [{ date: "2021-01-05", aqi: 121, primary: ["pm25"] }] } : null,
  });
}

export function plan({ path, query }: Ask): Answer {
  if (path === "areas") return ok([{ id: "999900", name: two("模拟市", "Simulated City"), plan: "mock-145", has_map: true, stations: 4, years: [2021], note: two("模拟数据，仅用于页面开发", "simulated data for page development") }, { id: "999800", name: two("模拟乙市", "Simulated City B"), plan: null, has_map: false, stations: 4, years: [2021], note: null }]);
  if (path === "rules") return ok(sets);
  if (path === "levels") return ok(levels);
  if (path === "version") return ok({ version: "模拟", commit: null });
  if (path === "standards") return ok(sets.flatMap((set) => set.standards.map((standard) => ({ ...standard, kind: "quality", from: set.from, to: set.to, source: "模拟", tables: 3, cases: 9 }))));
  if (path === "plans/mock-145") return ok({ id: "mock-145", title: two("模拟市“十四五”规划", "Simulated plan"), area: "999900", from: 2021, to: 2025, base_year: 2020, groups: [{ id: "g1", title: two("环境治理", "treatment") }, { id: "g2", title: two("应对气候变化", "climate") }, { id: "g3", title: two("生态保护", "ecology") }], source: two("模拟", "simulated") });
  if (path === "plans/mock-145/status") return ok({ plan: "mock-145", area: "999900", year: Number(query.get("year")), rows, past, targets, counts: Object.fromEntries(STATES.map((state) => [state.replace("-", "_"), rows.filter((r) => r.state === state).length])) });
  const indicator = path.match(/^plans\/mock-145\/indicators\/(\d+)$/);
  return indicator ? page(Number(indicator[1])) : null;
}
