// 模拟: a plan's full answers: forecast, parts, scenario, changes, coverage. The list of systems is the catalog's; states are invented.
import { readFileSync } from "node:fs";
import { noise, ok, refuse, two, type Answer, type Ask } from "./kit.ts";
import { pageRows, pastOf, targetsOf } from "./plan.ts";

const catalog = (file: string) => readFileSync(new URL(`../../../crates/indicators/catalog/plans/ziyang-145/${file}`, import.meta.url), "utf8");

/** Rows of a CSV file with quoted cells (RFC 4180). */
function csv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (quoted && c === '"' && text[at + 1] === '"') (cell += '"'), (at += 1);
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === ",") row.push(cell), (cell = "");
    else if (!quoted && c === "\n") rows.push([...row, cell]), (row = []), (cell = "");
    else cell += c;
  }
  return rows;
}

const BODIES = [
  { name: two("市生态环境局", "Bureau of Ecology and Environment"), lead: true, confidence: "confirmed", source: two("规划文本 L156", "text of the plan, L156") },
  { name: two("市水务局", "Water Bureau"), lead: false, confidence: "unconfirmed", source: null },
];
const forecastOf = (no: number, value: string | null) =>
  no % 3 === 1 && value !== null && Number.isFinite(Number(value))
    ? { year: 2025, value: (Number(value) + 0.6).toFixed(1), low: (Number(value) - 0.9).toFixed(1), high: (Number(value) + 2.1).toFixed(1), level: "90", method: two("模拟：已过各月实绩，加余下各月前五年同月的经验分布", "simulated: the months gone by, and for the rest what the same months of five years were"), honesty: [2021, 2022, 2023, 2024].map((year) => ({ year, said: "87.6", low: "85.9", high: "89.3", came: year === 2023 ? "84.8" : "88.1", within: year !== 2023 })), mean_error: "1.3", naive_error: "2.0", better: true }
    : null;
const forecastWhy = two("只有一年的数值，无法预测", "one year's value only: nothing to forecast from");
const evidence = two("全年监测数据及有效性说明", "the year's monitoring data and their validity");
const variants = (value: string | null) => (value === null ? [] : [
  { name: two("扣除上游来水影响后", "with upstream inflow deducted"), value, judged: true, basis: two("模拟文件〔2022〕1号", "simulated document") },
  { name: two("原始值", "raw"), value: String(Math.round((Number(value) - 1.8) * 100) / 100), judged: false, basis: null },
  { name: two("上报值", "official"), value: null, judged: false, basis: null },
]);

function full(id: string, year: number): Answer {
  const rows = pageRows(id, year).map((row) => {
    const value = row.value?.text ?? null;
    const number = value !== null && Number.isFinite(Number(value)) ? value : null;
    const forecast = forecastOf(row.no, number);
    return { row, forecast, forecast_why: forecast ? null : forecastWhy, variants: row.no === 4 ? variants(number) : [], bodies: BODIES.slice(0, 1 + (row.no % 2)), evidence, parts: row.no === 4 ? 17 : 0, n: row.no === 4 ? 16 : 0, of: row.no === 4 ? 17 : 0, valid: row.no !== 4, missing: value === null ? [two("模拟：缺县区统计表", "simulated: the counties' tables are missing"), two("模拟：缺省级核定文件", "simulated: the province's decision is missing")] : [], notes: row.no === 4 ? [two("规划文本自相矛盾：80 %（5个断面）与 88.2 %（17个断面）口径不同。", "The plan contradicts itself: 80 % (of 5 sections), 88.2 % (of 17).")] : [], simulated: true };
  });
  const targets = targetsOf().map((target, at) => ({ target, bodies: BODIES.slice(0, 1), evidence: two("模拟：验收文件", "simulated: acceptance document"), value: at % 7 ? null : "72.5", unit: "%", value_year: at % 7 ? null : year, source: at % 7 ? null : "reported", same_as: at === 9 ? 9 : null, missing: at % 7 ? [two("没有上报值", "nothing reported")] : [], simulated: at % 7 === 0 }));
  const count = (states: string[]) => Object.fromEntries([...new Set(states)].map((state) => [state.replace("-", "_"), states.filter((own) => own === state).length]));
  return ok({ plan: id, area: "999900", year, rows, targets, past: pastOf(), counts: count(rows.map((own) => own.row.state)), target_counts: count(targets.map((own) => own.target.state)), notes: [two("模拟：规划文本中 30.2 % 与 30.07 % 不一致。", "simulated: 30.2 % and 30.07 % in the text do not agree.")], simulated: true });
}

function parts(id: string, no: number, year: number): Answer {
  const row = pageRows(id, year)[no - 1];
  if (!row) return refuse(404, "no-such-indicator", `规划没有第 ${no} 项指标。`, `The plan has no indicator ${no}.`);
  const value = row.value?.text ?? null;
  const number = value !== null && Number.isFinite(Number(value)) ? value : null;
  const sections = no === 4 ? ["幸福村", "拱城铺渡口", "元坝子", "巷子口", "万安桥", "大安", "跑马滩", "光辉", "双河口", "两河", "永福", "临江寺", "王二溪", "清水河口", "鲤鱼", "谢家桥", "书房坝"] : [];
  const list = sections.map((name, at) => {
    const met = at === 16 ? null : noise(`${name}met`) > 0.2;
    return { feature: `surface-water-${String(at + 1).padStart(2, "0")}`, name: two(name, name), value: met === null ? "" : met ? "Ⅲ" : "Ⅳ", met, contribution: met === null ? null : met ? "5.88" : "0.00", why: met === null ? two("只有 3 个月的数据，不参与评价", "three months of data only: not judged") : met ? two("达到Ⅲ类", "class Ⅲ reached") : two("总磷超标 0.3 倍", "total phosphorus 0.3 times over"), counted: met !== null, link: { kind: "point", id: `surface-water-${String(at + 1).padStart(2, "0")}`, medium: "surface-water", area: "999900" } };
  });
  const areas = [["512002", "雁江区", "Yanjiang"], ["512021", "安岳县", "Anyue"], ["512022", "乐至县", "Lezhi"]].map(([area = "", zh = "", en = ""], at) => ({ area, name: two(zh, en), value: at === 2 ? null : ["91.7", "83.3"][at], n: at === 2 ? 0 : 6, of: 6, why: at === 2 ? two("没有断面数据", "no section has data") : null }));
  const forecast = forecastOf(no, number);
  return ok({ no, year, area: "999900", value: number, exact: number === null ? null : "1500/17", unit: row.unit, n: no === 4 ? 16 : 0, of: no === 4 ? 17 : 0, valid: true, confidence: "probable", why: value === null ? two("没有数值：缺县区统计表", "no value: the counties' tables are missing") : two("模拟：17 个断面中 16 个参与评价，15 个达到或好于Ⅲ类", "simulated: 16 of 17 sections judged, 15 at class Ⅲ or better"), part_name: two("断面", "Section"), parts: list, variants: no === 4 ? variants(number) : [], standards: [{ id: "gb3838-2002", number: "GB 3838-2002", title: two("地表水环境质量标准", "Surface water"), confidence: "confirmed" }, { id: "sw-evaluation-2011", number: "环办〔2011〕22号", title: two("地表水环境质量评价办法（试行）", "Evaluation of surface water"), confidence: "probable" }], documents: ["模拟文件〔2022〕1号"], notes: [], missing: value === null ? [two("模拟：缺县区统计表", "simulated: the counties' tables are missing")] : [], areas: no === 4 || no === 9 ? areas : [], assume: no === 4 ? [{ item: "class", name: two("水质类别", "Class"), unit: "", values: ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"].map((own) => ({ value: own, name: two(own, own) })) }] : [], forecast, forecast_why: forecast ? null : forecastWhy, bodies: BODIES, evidence, simulated: true });
}

function changes(no: number, since: string): Answer {
  const none = no !== 4;
  return ok({ no, since, before: none ? null : "88.2", after: none ? null : "94.1", unit: "%", why: none ? two("没有变化", "nothing changed") : two("一个断面 2025年6月总磷由 0.24 更正为 0.18", "total phosphorus of one section in June 2025 was corrected from 0.24 to 0.18"), parts: none ? [] : [{ feature: "surface-water-06", name: two("大安", "Da'an"), before: "Ⅳ", after: "Ⅲ", why_before: two("总磷超标 0.2 倍", "total phosphorus 0.2 times over"), why_after: two("达到Ⅲ类", "class Ⅲ reached") }], other: none ? [] : [{ no: 5, title: two("地表水质量劣V类水体比例", "Surface water below class V"), unit: "%", before: "0", after: "0" }] });
}

function scenario(body: unknown): Answer {
  const { assumptions } = body as { assumptions: { feature: string; item: string; value: string }[] };
  return ok({ rows: [{ no: 4, title: two("国、省考断面地表水质量达到或好于Ⅲ类水体比例", "Surface water at class III or better"), unit: "%", before: "88.2", after: String(Math.min(100, 88.2 + 5.9 * assumptions.length)), state_before: "behind", state_after: "achieved" }], notes: [two(`模拟：假设 ${assumptions.length} 个断面达到所选类别。`, `simulated: ${assumptions.length} sections are assumed to reach the class.`)], simulated: true });
}

function coverage(id: string): Answer {
  const groups = csv(catalog("codes.csv")).filter((row) => row[0] === "group" || row[0] === "depth");
  const rows = csv(catalog("systems.csv")).slice(1).filter((row) => row.length > 8).map(([no, own = "", zh = "", en = "", group = "", primitives = "", depth = "", kernels = "", chapter, line, quote, doesZh = "", doesEn = ""]) => {
    const state = noise(own) > 0.82 ? "works" : noise(own) > 0.6 ? "declared" : "missing";
    return { no: Number(no), id: own, name: two(zh, en), group, primitives: primitives.split(" "), depth, kernels: kernels.split(" "), chapter, plan_line: Number(line), quote, does: two(doesZh, doesEn), state, scenarios: state === "works" ? [{ id: "one-city-one-month", title: two("模拟：一座城市的一个月", "simulated: a month of a city") }] : [], shows: "main", serves: state === "missing" ? [] : ["indicator:water.good_ratio", "standard:gb3838-2002"], places: state === "works" ? ["jingce plan status", "/media/surface-water"] : [], note: state === "missing" ? two("", "") : two("模拟：只到主要功能", "simulated: its main job only") };
  });
  const totals = (own: typeof rows) => ({ works: own.filter((row) => row.state === "works").length, declared: own.filter((row) => row.state === "declared").length, missing: own.filter((row) => row.state === "missing").length, all: own.length });
  const by = (kind: string, key: "group" | "depth") => groups.filter((row) => row[0] === kind).map(([, own = "", zh = "", en = ""]) => ({ id: own, title: two(zh, en), ...totals(rows.filter((row) => row[key] === own)) }));
  return ok({ plan: id, totals: totals(rows), by_group: by("group", "group"), by_depth: by("depth", "depth"), lists: [["systems", 358], ["projects", 143], ["entities", 259], ["actors", 37], ["relations", 35]].map(([name, count]) => ({ name, count })), projects_by_box: [{ name: "专栏3", title: two("生态保护与修复工程", "Ecological protection and restoration"), count: 17 }], entities_by_type: [{ name: "河流", title: two("河流", "river"), count: 31 }], rows, relations: [], problems: [] });
}

export function planFull({ path, query, method, body }: Ask): Answer {
  const [, id = "", rest] = path.match(/^plans\/(ziyang-145|mock-145)\/(.+)$/) ?? [];
  const year = Number(query.get("year"));
  if (rest === "full") return full(id, year);
  if (rest === "coverage") return coverage(id);
  if (rest === "scenario" && method === "POST") return scenario(body);
  const [, no, which] = rest?.match(/^indicators\/(\d+)\/(parts|changes)$/) ?? [];
  if (which === "parts") return parts(id, Number(no), year);
  return which === "changes" ? changes(Number(no), query.get("since") ?? "") : null;
}
