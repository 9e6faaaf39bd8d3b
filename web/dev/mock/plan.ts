// 模拟: a plan's status and its indicators, with invented present values. `ziyang-145` has none, as in the demo.
import { ok, refuse, two, type Answer, type Ask } from "./kit.ts";
import { LINES, QUOTES } from "./rows.ts";

const GROUPS = [
  { id: "treatment", title: two("环境治理", "Environmental treatment") },
  { id: "climate", title: two("应对气候变化", "Climate change") },
  { id: "risk", title: two("环境风险防控", "Risk control") },
  { id: "ecology", title: two("生态保护", "Ecological protection") },
];
const COMPUTED = ["air.good_ratio", "air.pm25.mean", "air.heavy_ratio"];
const number = (text: string) => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : null);
const value = (text: string) => ({ text, number: number(text), kind: number(text) !== null ? "number" : ["", "/", "—"].includes(text) ? "absent" : "text" });
const why = {
  achieved: two("模拟：当年值已达到目标值", "simulated: the value has reached the target"),
  "on-track": two("模拟：当年值不劣于当年路径值", "simulated: the value is no worse than the path"),
  behind: two("模拟：当年值 88.2，路径值 89.6，差 1.4 个百分点", "simulated: value 88.2, path 89.6, 1.4 points short"),
  "no-data": two("暂无数据：规划期内没有计算值，也没有上报值", "no data: neither computed nor reported in the plan's years"),
  text: two("目标以文字规定，由主管部门认定", "the target is worded; the authority decides"),
  "not-due": two("规划未设目标值", "the plan sets no target"),
} as Record<string, ReturnType<typeof two>>;

export function pageRows(id: string, year: number) {
  return LINES.map(([zh, en, unit, base, target, cumulative, attribute, group, mocked, present], at) => {
    const state = id === "ziyang-145" && ["achieved", "on-track", "behind"].includes(mocked) ? "no-data" : mocked;
    const known = id !== "ziyang-145" && present !== "" && year > 2020;
    const b = number(base);
    const t = number(target);
    const path = b === null || t === null ? null : Math.round((b + ((t - b) * (year - 2020)) / 5) * 100) / 100;
    const no = at + 1;
    return { no, id: `${id}.${String(no).padStart(2, "0")}`, title: two(zh, en), unit, group, attribute: attribute === "b" ? "binding" : "expected", base: value(base), target: value(target), cumulative: { ...value(cumulative), kind: number(cumulative) === null ? value(cumulative).kind : "cumulative" }, target_year: 2025, value: known ? value(present) : null, value_year: known ? year : null, source: known ? (no < 4 ? "computed" : "reported") : null, path, state, why: why[state], indicator: COMPUTED[at] ?? null, document: known && no > 3 ? "模拟文件〔2022〕1号" : null, confidence: no === 5 ? "unconfirmed" : "confirmed" };
  });
}

const PAST: [string, string, string, string, string, string, string][] = [
  ["环境质量", "空气质量优良天数比例", "%", "84.9", "86.5", "88.8", "binding"],
  ["环境质量", "细颗粒物（PM2.5）浓度", "μg/m3", "42.2", "—", "30", "binding"],
  ["环境质量", "国、省考断面水质优良比例", "%", "20", "60", "80（按旧断面 90）", "binding"],
  ["主要污染物", "化学需氧量排放总量减少", "%", "—", "12.5", "14.2", "binding"],
  ["主要污染物", "二氧化硫排放总量减少", "%", "—", "16", "21.3", "binding"],
  ["生态", "森林覆盖率", "%", "36.4", "37", "37.32", "expected"],
];
const past = PAST.map(([group, title, unit, base, target, actual, attribute]) => ({ group: two(group, group), title: two(title, title), unit, base2015: value(base), target2020: value(target), actual2020: value(actual), attribute, done: two("模拟：完成", "simulated: done") }));
const targets = Array.from({ length: 56 }, (_, at) => {
  const [quote, wanted, deadline] = QUOTES[at % QUOTES.length] ?? ["", "", ""];
  return { id: `T${String(at + 1).padStart(2, "0")}`, quote, value: wanted, deadline, line: 300 + at, state: at % 7 ? "no-data" : "text", why: two("暂无数据：没有上报值", "no data: nothing reported") };
});

export const pastOf = () => past;
export const targetsOf = () => targets;

function status(id: string, year: number): Answer {
  const rows = pageRows(id, year);
  const counts: Record<string, number> = {};
  for (const row of rows) counts[row.state.replace("-", "_")] = (counts[row.state.replace("-", "_")] ?? 0) + 1;
  return ok({ plan: id, area: id === "ziyang-145" ? "512000" : "999900", year, rows, past, targets, counts });
}

const BUDGET = { year: 2022, days_in_year: 365, good_days_needed: 332, good_so_far: 250, polluted_so_far: 21, days_left: 94, polluted_affordable: 12, reachable: true, text: two("模拟：目标 90.8 % 需 332 个优良天；全年最多 33 个污染天，已有 21 个，还可承受 12 个", "simulated: 90.8 % needs 332 good days; 33 polluted days at most, 21 so far, 12 can still be afforded") };
const STATION_COSTS = [["2561A", "莲花山", 20, 14, 6], ["2562A", "老年大学", 24, 15, 9], ["2563A", "模拟站三", 18, 12, 6]].map(([station, name, days, pm, o3]) => ({ station, name: two(`${name}`, `${name}`), station_days: days, by_pollutant: [{ item: "pm25", days: pm }, { item: "o3_8h", days: o3 }] }));
const COSTS = { polluted_days: 21, by_pollutant: [{ item: "pm25", name: two("PM2.5", "PM2.5"), days: 14 }, { item: "o3_8h", name: two("O3", "O3"), days: 7 }], by_station: STATION_COSTS, days: Array.from({ length: 21 }, (_, at) => ({ date: `2022-0${1 + Math.floor(at / 7)}-${String(3 + (at % 7) * 4).padStart(2, "0")}`, aqi: 104 + ((at * 37) % 90), primary: at % 3 ? ["pm25"] : ["o3_8h"] })) };

function page(id: string, no: number, year: number): Answer {
  const row = pageRows(id, year)[no - 1];
  if (!row) return refuse(404, "no-such-indicator", `规划没有第 ${no} 项指标。请从总览页选择。`, `The plan has no indicator ${no}. Choose one on the overview.`);
  const b = row.base.number;
  const t = row.target.number;
  const point = (at: number, text: string, source: string) => ({ year: at, value: value(text), source, document: "模拟文件〔2021〕3号", confidence: "confirmed" });
  const history = b === null ? [] : [point(2015, String(Math.round(b * 90) / 100), "reported"), point(2020, row.base.text, "reported"), ...(row.value ? [point(year, row.value.text, row.source ?? "reported")] : [])];
  const path = b === null || t === null ? [] : Array.from({ length: 6 }, (_, at) => ({ year: 2020 + at, value: Math.round((b + ((t - b) * at) / 5) * 100) / 100 }));
  const good = no === 1 && id !== "ziyang-145";
  return ok({ row, history, path, budget: good ? BUDGET : null, costs: good ? COSTS : null });
}

export function plan({ path, query }: Ask): Answer {
  const [, id, rest] = path.match(/^plans\/(ziyang-145|mock-145)(?:\/(.*))?$/) ?? [];
  if (!id) return null;
  const year = Number(query.get("year"));
  if (!rest) return ok({ id, title: two("资阳市“十四五”生态环境保护规划", "Ziyang's 14th five-year plan for ecological protection"), area: id === "ziyang-145" ? "512000" : "999900", from: 2021, to: 2025, base_year: 2020, groups: GROUPS, source: two("模拟：规划文本", "simulated: text of the plan") });
  if (rest === "status") return status(id, year);
  const no = rest.match(/^indicators\/(\d+)$/)?.[1];
  return no ? page(id, Number(no), year) : null;
}
