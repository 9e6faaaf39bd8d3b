// 模拟: media with points, months and sources; every value is invented, places lie on the bundled rivers.
import { readFileSync } from "node:fs";
import { noise, ok, refuse, two, type Answer, type Ask } from "./kit.ts";

interface Item {
  code: string;
  zh: string;
  en: string;
  symbol: string | null;
  unit: string;
  limit: string | null;
  /** Limits of the classes from best to worst that a value must not exceed. */
  steps: number[];
  digits: number;
}

interface Kind {
  medium: string;
  zh: string;
  en: string;
  count: number;
  rule: [id: string, number: string, zh: string, en: string, clause: string, confidence: string, note: string];
  classes: [id: string, zh: string, en: string, color: string, met: boolean][];
  items: Item[];
  names: string[];
  words: string;
}

const water: Item[] = [
  { code: "ph", zh: "pH值", en: "pH", symbol: "pH", unit: "", limit: "6–9", steps: [9, 9, 9, 9, 9], digits: 1 },
  { code: "do", zh: "溶解氧", en: "dissolved oxygen", symbol: "DO", unit: "mg/L", limit: "≥5", steps: [], digits: 1 },
  { code: "codmn", zh: "高锰酸盐指数", en: "permanganate index", symbol: "CODMn", unit: "mg/L", limit: "6", steps: [2, 4, 6, 10, 15], digits: 1 },
  { code: "cod", zh: "化学需氧量", en: "chemical oxygen demand", symbol: "COD", unit: "mg/L", limit: "20", steps: [15, 15, 20, 30, 40], digits: 0 },
  { code: "bod5", zh: "五日生化需氧量", en: "biochemical oxygen demand", symbol: "BOD5", unit: "mg/L", limit: "4", steps: [3, 3, 4, 6, 10], digits: 1 },
  { code: "nh3n", zh: "氨氮", en: "ammonia nitrogen", symbol: "NH3-N", unit: "mg/L", limit: "1.0", steps: [0.15, 0.5, 1, 1.5, 2], digits: 2 },
  { code: "tp", zh: "总磷", en: "total phosphorus", symbol: "TP", unit: "mg/L", limit: null, steps: [0.02, 0.1, 0.2, 0.3, 0.4], digits: 3 },
  { code: "tn", zh: "总氮", en: "total nitrogen", symbol: "TN", unit: "mg/L", limit: "1.0", steps: [], digits: 2 },
  { code: "f", zh: "氟化物", en: "fluoride", symbol: "F-", unit: "mg/L", limit: "1.0", steps: [1, 1, 1, 1.5, 1.5], digits: 2 },
  { code: "oil", zh: "石油类", en: "petroleum", symbol: null, unit: "mg/L", limit: "0.05", steps: [0.05, 0.05, 0.05, 0.5, 1], digits: 2 },
  { code: "as", zh: "砷", en: "arsenic", symbol: "As", unit: "mg/L", limit: "0.05", steps: [0.05, 0.05, 0.05, 0.1, 0.1], digits: 4 },
];
const SIX: Kind["classes"] = [["Ⅰ", "优", "excellent", "#0000FF", true], ["Ⅱ", "优", "excellent", "#0000FF", true], ["Ⅲ", "良好", "good", "#00B050", true], ["Ⅳ", "轻度污染", "lightly polluted", "#FFFF00", false], ["Ⅴ", "中度污染", "moderately polluted", "#FF9B00", false], ["劣Ⅴ", "重度污染", "heavily polluted", "#FF0000", false]];
const YES_NO: Kind["classes"] = [["达标", "达标", "meets", "#00B050", true], ["超标", "超标", "exceeds", "#FF0000", false]];
const SECTIONS = ["幸福村", "拱城铺渡口", "元坝子", "巷子口", "万安桥", "大安", "跑马滩", "光辉", "双河口", "两河", "永福", "临江寺", "王二溪", "清水河口", "鲤鱼", "谢家桥", "书房坝"];
const plain = (code: string, zh: string, en: string, unit: string, limit: number, digits: number): Item => ({ code, zh, en, symbol: null, unit, limit: String(limit), steps: [limit], digits });

const KINDS: Kind[] = [
  { medium: "surface-water", zh: "地表水", en: "Surface water", count: 17, rule: ["gb3838-2002", "GB 3838-2002", "地表水环境质量标准", "Environmental quality standards for surface water", "表1、5.1", "confirmed", ""], classes: SIX, items: water, names: SECTIONS, words: "断面" },
  { medium: "drinking-water", zh: "饮用水水源", en: "Drinking water", count: 6, rule: ["gb3838-2002-drinking", "GB 3838-2002", "集中式生活饮用水地表水源地补充项目", "Supplementary items of drinking sources", "表2", "confirmed", ""], classes: YES_NO, items: [plain("sulfate", "硫酸盐", "sulfate", "mg/L", 250, 0), plain("chloride", "氯化物", "chloride", "mg/L", 250, 0), plain("nitrate", "硝酸盐", "nitrate", "mg/L", 10, 2), plain("fe", "铁", "iron", "mg/L", 0.3, 3), plain("mn", "锰", "manganese", "mg/L", 0.1, 3)], names: ["老鹰水库", "书房坝水库", "蟠龙河水库", "磨滩河水库", "童家镇", "忠义镇"], words: "水源" },
  { medium: "groundwater", zh: "地下水", en: "Groundwater", count: 5, rule: ["gbt14848-2017", "GB/T 14848-2017", "地下水质量标准", "Standard for groundwater quality", "表1", "confirmed", ""], classes: SIX.slice(0, 5), items: [plain("th", "总硬度", "total hardness", "mg/L", 450, 0), plain("tds", "溶解性总固体", "dissolved solids", "mg/L", 1000, 0), plain("mn", "锰", "manganese", "mg/L", 0.1, 3)], names: ["一号井", "二号井", "三号井", "四号井", "五号井"], words: "井" },
  { medium: "black-odorous", zh: "黑臭水体", en: "Black, odorous water", count: 4, rule: ["black-odorous", "城市黑臭水体整治工作指南", "城市黑臭水体整治工作指南", "Guide to the treatment of black and odorous urban water", "表1", "probable", "透明度的水深修正未确认"], classes: [["无", "无黑臭", "neither", "#00B050", true], ["轻度", "轻度黑臭", "light", "#FF9B00", false], ["重度", "重度黑臭", "heavy", "#000000", false]], items: [plain("transparency", "透明度", "transparency", "cm", 25, 0), plain("orp", "氧化还原电位", "redox potential", "mV", 50, 0), plain("nh3n", "氨氮", "ammonia nitrogen", "mg/L", 8, 2)], names: ["滨河渠", "三贤渠", "南门沟", "石桥沟"], words: "水体" },
  { medium: "flow", zh: "生态流量", en: "Ecological flow", count: 3, rule: ["ecological-flow", "水资源〔2020〕67号", "生态流量保障", "Ecological flow", "—", "unconfirmed", "满足程度的口径未确认"], classes: YES_NO, items: [plain("flow", "流量", "flow", "m3/s", 1.2, 2)], names: ["三皇庙", "大安", "跑马滩"], words: "断面" },
  { medium: "soil", zh: "土壤", en: "Soil", count: 80, rule: ["gb15618-2018", "GB 15618-2018", "土壤环境质量 农用地土壤污染风险管控标准（试行）", "Risk control standard for soil of agricultural land (trial)", "表1、表3", "confirmed", ""], classes: [["优先保护", "优先保护类", "protected", "#00B050", true], ["安全利用", "安全利用类", "safe use", "#FF9B00", false], ["严格管控", "严格管控类", "strictly controlled", "#FF0000", false]], items: [plain("cd", "镉", "cadmium", "mg/kg", 0.3, 2), plain("hg", "汞", "mercury", "mg/kg", 1.8, 2), plain("pb", "铅", "lead", "mg/kg", 90, 0), plain("ph", "pH值", "pH", "", 9, 1)], names: ["地块"], words: "点" },
  { medium: "noise", zh: "声环境", en: "Noise", count: 8, rule: ["gb3096-2008", "GB 3096-2008", "声环境质量标准", "Environmental quality standard for noise", "表1", "confirmed", ""], classes: YES_NO, items: [plain("ld", "昼间等效声级", "day level", "dB(A)", 60, 1), plain("ln", "夜间等效声级", "night level", "dB(A)", 50, 1)], names: ["市委大院", "苌弘广场", "外国语学校", "车城大道", "工业大道", "成渝铁路", "仁德东路", "三贤公园"], words: "测点" },
];
const YEARS = [2025, 2024, 2023, 2022, 2021];
const SIMULATED = two("模拟：数值为页面开发而编造", "simulated: invented for page development");

type Position = [number, number];
const SHAPES = JSON.parse(readFileSync(new URL("../../../data/demo/ziyang.geojson", import.meta.url), "utf8")) as { features: { properties: { name: string; kind: string }; geometry: { type: string; coordinates: Position[] } }[] };
const RIVERS = SHAPES.features.filter((feature) => feature.properties.kind === "river" && feature.geometry.type === "LineString");

function spot(at: number, of: number): { at: Position; river: string } {
  const lines = RIVERS.length > 0 ? RIVERS : [];
  const line = lines[at % Math.max(1, lines.length)];
  const points = line?.geometry.coordinates ?? [[104.65, 30.12]];
  return { at: points[Math.floor(((at + 1) / (of + 1)) * points.length)] ?? [104.65, 30.12], river: line?.properties.name ?? "" };
}

const monthsOf = (year: number) => Array.from({ length: year === 2025 ? 10 : 12 }, (_, at) => `${year}-${String(at + 1).padStart(2, "0")}`);

function valueOf(kind: Kind, item: Item, code: string, time: string): number {
  const base = item.steps.length > 0 ? (item.steps[Math.min(2, item.steps.length - 1)] ?? 1) : 6;
  const place = noise(`${code}${item.code}`);
  const wave = 0.72 + 0.28 * Math.sin((Number(time.slice(5) || "6") / 12) * 6.28);
  if (item.code === "ph") return 7.2 + noise(`${code}${time}`) * 1.2;
  if (item.code === "do") return 5.4 + noise(`${code}${time}`) * 4;
  return base * (kind.medium === "noise" ? 0.82 + 0.24 * place : (0.25 + 0.85 * place) * wave * (0.8 + 0.4 * noise(`${code}${item.code}${time}`)));
}

function cellOf(kind: Kind, item: Item, code: string, time: string) {
  const raw = valueOf(kind, item, code, time);
  const below = item.code === "as" || (item.code === "oil" && raw < 0.02);
  const text = below ? (item.code === "as" ? "<0.0004" : "<0.01") : raw.toFixed(item.digits);
  const limit = item.limit ?? (code.endsWith("3") ? "0.05" : "0.2");
  const number = Number(limit);
  const over = !below && Number.isFinite(number) && item.code !== "tn" && raw > number;
  const step = item.steps.length === 0 || below ? 0 : item.steps.findIndex((edge) => raw <= edge);
  const at = step < 0 ? kind.classes.length - 1 : kind.classes.length === 6 ? Math.max(step, 0) : over ? 1 : 0;
  const own = item.code === "tn" ? null : kind.classes[Math.min(at, kind.classes.length - 1)];
  return { item: item.code, value: text, class: own?.[0] ?? null, color: own?.[3] ?? null, limit, over, exceed: over ? (raw / number - 1).toFixed(2) : null, source: ["ph", "do", "codmn", "nh3n", "tp"].includes(item.code) ? "automatic" : "manual", n: 10, of: 10, below };
}

function judged(kind: Kind, code: string, time: string) {
  const cells = kind.items.map((item) => cellOf(kind, item, code, time)).filter((cell) => noise(`${code}${cell.item}gap`) > 0.06);
  const rank = (id: string | null) => kind.classes.findIndex((row) => row[0] === id);
  const worst = cells.reduce((most, cell) => Math.max(most, rank(cell.class)), -1);
  const own = kind.classes[worst];
  const main = cells.filter((cell) => cell.over).sort((a, b) => Number(b.exceed) - Number(a.exceed)).slice(0, 3).map((cell) => ({ item: cell.item, value: cell.value, multiple: cell.exceed }));
  return { cells, main, class: own?.[0] ?? null, color: own?.[3] ?? null, met: own ? own[4] : null };
}

const codeOf = (kind: Kind, at: number) => `${kind.medium}-${String(at + 1).padStart(2, "0")}`;

function pointOf(kind: Kind, at: number, year: number, month: string | null) {
  const code = codeOf(kind, at);
  const { at: where, river } = spot(at, kind.count);
  const empty = at === kind.count - 1;
  const name = kind.names.length > 1 ? (kind.names[at % kind.names.length] ?? "") : `${kind.names[0]}${at + 1}`;
  const found = empty ? { cells: [], main: [], class: null, color: null, met: null } : judged(kind, code, month ?? `${year}-06`);
  const of = month ? 1 : monthsOf(year).length;
  return {
    code, name: two(name, name), kind: kind.medium === "surface-water" && code.endsWith("3") ? two("湖库", "lake") : two("河流", "river"), water_body: river, basin: "沱江流域", level: at % 3 === 0 ? "国控" : "省控", target: kind.classes.length === 6 ? "Ⅲ" : null,
    lon: kind.medium === "soil" ? 104.3 + noise(code) * 0.9 : where[0], lat: kind.medium === "soil" ? 29.8 + noise(`${code}y`) * 0.6 : where[1], ...found, months: empty ? 0 : of, months_of: of,
    why: empty ? two("暂无数据：该时段没有导入它的监测结果", "no data: nothing was imported for this time") : found.cells.length < kind.items.length ? two(`缺 ${kind.items.length - found.cells.length} 项，未参与评价`, `${kind.items.length - found.cells.length} items are missing and were not judged`) : null,
    note: at === 2 ? two("2025年7月起按湖库评价", "judged as a lake from July 2025") : null, confidence: kind.rule[5], simulated: true,
  };
}

function sharesOf(kind: Kind, classes: (string | null)[]) {
  const all = classes.filter((own) => own !== null).length;
  return kind.classes.map(([id, , , color]) => {
    const count = classes.filter((own) => own === id).length;
    return { class: id, color, count, percent: all > 0 ? ((100 * count) / all).toFixed(1) : null };
  });
}

const ruleOf = (kind: Kind) => [
  { standard: kind.rule[0], number: kind.rule[1], title: two(kind.rule[2], kind.rule[3]), clause: kind.rule[4], confidence: kind.rule[5], note: kind.rule[6] ? two(kind.rule[6], "part of it is unconfirmed") : null },
  ...(kind.medium === "surface-water" ? [{ standard: "sw-evaluation-2011", number: "环办〔2011〕22号", title: two("地表水环境质量评价办法（试行）", "Evaluation of surface water quality (trial)"), clause: "二、三", confidence: "probable", note: null }] : []),
];
const classesOf = (kind: Kind) => kind.classes.map(([id, zh, en, color, met]) => ({ class: id, name: two(zh, en), color, met }));
const itemOf = ({ code, zh, en, symbol, unit, limit }: Item) => ({ code, name: two(zh, en), symbol, unit, limit });

function page(kind: Kind, area: string, year: number, month: string | null): Answer {
  const known = YEARS.includes(year);
  const points = known ? Array.from({ length: kind.count }, (_, at) => pointOf(kind, at, year, month)) : [];
  const rank = (id: string | null) => (id === null ? 99 : kind.classes.findIndex((row) => row[0] === id));
  points.sort((a, b) => rank(a.class) - rank(b.class));
  const good = (shares: ReturnType<typeof sharesOf>) => shares.filter((_, at) => kind.classes[at]?.[4]).reduce((sum, row) => sum + Number(row.percent), 0).toFixed(1);
  const monthly = known ? monthsOf(year).map((time) => {
    const shares = sharesOf(kind, Array.from({ length: kind.count - 1 }, (_, at) => judged(kind, codeOf(kind, at), time).class));
    return { month: time, shares, judged: kind.count - 1, good_percent: good(shares) };
  }) : [];
  const shares = sharesOf(kind, points.map((row) => row.class));
  const bodies = kind.medium === "surface-water" && known ? [...new Set(points.map((row) => row.water_body))].map((name, at) => {
    const own = points.filter((row) => row.water_body === name && row.class);
    const [, zh, en, color] = kind.classes[Math.min(2 + at, 4)] ?? SIX[2]!;
    return { name: two(name, name), kind: "river", grade: two(zh, en), color, sections: own.length, judged: own.length, good_percent: ((100 * own.filter((row) => row.met).length) / Math.max(1, own.length)).toFixed(1), bad_percent: "0.0", main: [{ item: "tp", percent: "33.3" }], tli: null, why: own.length < 5 ? two("少于5个断面，按断面平均浓度评价", "fewer than five sections: judged by the mean of sections") : null };
  }).concat([{ name: two("老鹰水库", "Laoying reservoir"), kind: "lake", grade: two("良好", "good"), color: "#00B050", sections: 1, judged: 1, good_percent: "100.0", bad_percent: "0.0", main: [], tli: { value: "46.2", state: two("中营养", "mesotrophic") }, why: null } as never]) : [];
  return ok({
    medium: kind.medium, name: two(kind.zh, kind.en), area, year, month, months: known ? monthsOf(year) : [], rules: ruleOf(kind), classes: classesOf(kind), items: kind.items.map(itemOf), points, shares, unjudged: points.filter((row) => row.class === null).length, bodies,
    change: kind.medium === "surface-water" && known ? two(`模拟：与${year - 1}年同期相比，优良比例上升 5.9 个百分点，水质有所好转。`, `simulated: against the same months of ${year - 1} the good share rose by 5.9 points; the water became better.`) : null,
    monthly, notes: [SIMULATED, ...(kind.rule[5] === "unconfirmed" ? [two("评价口径未确认，结果同样未确认。", "The rule is unconfirmed, and so are these results.")] : [])], simulated: true,
  });
}

function pointPage(kind: Kind, at: number, area: string, year: number): Answer {
  const code = codeOf(kind, at);
  const point = pointOf(kind, at, year, null);
  const empty = point.class === null;
  const months = empty ? [] : [...YEARS].reverse().flatMap((own) => monthsOf(own).map((time) => {
    const dry = noise(`${code}${time}dry`) > 0.95;
    const found = judged(kind, code, time);
    return { month: time, ...(dry ? { class: null, color: null, met: null, main: [], cells: [] } : { ...found, cells: own === year ? found.cells : [] }), state: dry ? "断流" : "", why: dry ? two("断流，未采样", "the river was dry, no sample") : null, simulated: true };
  }));
  const years = empty ? [] : YEARS.map((own) => {
    const row = pointOf(kind, at, own, null);
    return { year: own, class: row.class, color: row.color, met: row.met, main: row.main, months: row.months };
  });
  return ok({ medium: kind.medium, name: two(kind.zh, kind.en), area, year, rules: ruleOf(kind), classes: classesOf(kind), items: kind.items.map(itemOf), point, months, years, notes: [SIMULATED], simulated: true });
}

function series(kind: Kind, at: number, item: Item): Answer {
  const code = codeOf(kind, at);
  const points = [...YEARS].reverse().flatMap((year) => monthsOf(year)).map((month) => {
    const cell = cellOf(kind, item, code, month);
    const gap = noise(`${code}${month}dry`) > 0.95;
    return { month, value: gap ? null : cell.value.replace("<", ""), below: cell.below, source: gap ? null : noise(month) > 0.7 ? "manual" : "automatic", n: gap ? 0 : 28, of: 30 };
  });
  const trend = (test: string, zh: string, en: string, significant: boolean) => ({ test, name: two(zh, en), assumes: two("模拟：各月互相独立，变化单向", "simulated: months are independent and the change is one-way"), result: significant ? two("模拟：显著下降（p = 0.012）", "simulated: a significant fall (p = 0.012)") : two("模拟：没有显著趋势", "simulated: no significant trend"), direction: significant ? "down" : "none", slope: "-0.004", slope_unit: `${item.unit}/a`, low: "-0.007", high: "-0.001", p: significant ? "0.012" : "0.31", n: 56, missing: 2, significant, at: null });
  return ok({
    item: item.code, name: two(item.zh, item.en), unit: item.unit, limit: item.limit && Number.isFinite(Number(item.limit)) ? item.limit : null, limit_text: item.limit ? two(`Ⅲ类 ${item.limit} ${item.unit}`, `class Ⅲ ${item.limit} ${item.unit}`) : null, points,
    trends: [trend("seasonal-kendall", "季节性肯德尔检验", "seasonal Kendall test", true), trend("mann-kendall", "曼–肯德尔检验", "Mann–Kendall test", false), { ...trend("pettitt", "佩蒂特变点检验", "Pettitt's change point", true), slope: null, slope_unit: null, low: null, high: null, at: "2023-04", result: two("模拟：2023年4月前后水平不同", "simulated: the level changed about April 2023") }, { ...trend("spearman", "年均值斯皮尔曼秩相关", "Spearman of yearly means", false), direction: null, slope: null, slope_unit: null, low: null, high: null, p: null, n: 5, significant: null, result: two("模拟：只有 5 年，检验至少要 8 年", "simulated: 5 years only, the test needs 8") }],
    yoy: { from: "2025-01", to: "2025-10", months: 9, before: "0.118", after: "0.109", change_percent: "-7.6", result: two("模拟：同有数据的 9 个月均值下降 7.6 %", "simulated: over the 9 months both years have, the mean fell by 7.6 %") }, simulated: true,
  });
}

function sources(kind: Kind, at: number, item: Item, month: string): Answer {
  const code = codeOf(kind, at);
  const rows = Array.from({ length: 6 }, (_, day) => ({ time: `${month}-${String(2 + day * 4).padStart(2, "0")}`, value: valueOf(kind, item, code, month).toFixed(item.digits), below: false, flag: day === 4 ? "suspect" : "good", method: day === 5 ? "manual" : "automatic", import: "imp-01", file: day === 5 ? "模拟_手工监测.xlsx" : "模拟_自动站日均值.csv", row: 20 + day, revision: day === 2 ? 2 : 1, recorded: "2025-11-02T01:20:00Z", used: day < 4, why: day === 4 ? two("存疑，不参与", "suspect, left out") : day === 5 ? two("有自动数据时以自动数据为准", "automatic data take precedence") : null }));
  return ok({ item: item.code, name: two(item.zh, item.en), unit: item.unit, month, value: valueOf(kind, item, code, month).toFixed(item.digits), how: two("模拟：自动站有效日均值 4 个的算术平均", "simulated: mean of 4 valid daily means of the automatic station"), rows, simulated: true });
}

export function media({ path, query }: Ask): Answer {
  if (path === "rivers") return ok({ type: "FeatureCollection", features: RIVERS, attribution: two("河流：公有领域数据（模拟服务）", "Rivers: public-domain data (simulated server)") });
  if (path !== "media" && !path.startsWith("media/")) return null;
  const area = query.get("area") ?? "512000";
  const known = area === "512000" || area === "999900";
  if (path === "media") return ok(!known ? [] : KINDS.map((kind) => ({ medium: kind.medium, name: two(kind.zh, kind.en), points: kind.count, from: "2021-01", to: "2025-10", years: YEARS, confidence: kind.rule[5], simulated: true })));
  const [, medium, code, rest] = path.match(/^media\/([^/]+)(?:\/points\/([^/]+)(?:\/(series|sources))?)?$/) ?? [];
  const kind = KINDS.find((own) => own.medium === medium);
  if (!kind) return refuse(404, "no-such-medium", `没有“${medium}”这一要素。请从页首的标签选择。`, `There is no medium "${medium}". Choose one of the tabs.`);
  const year = Number(query.get("year"));
  if (!code) return page(kind, area, year, query.get("month") ? `${year}-${String(query.get("month")).padStart(2, "0")}` : null);
  const at = Array.from({ length: kind.count }, (_, i) => codeOf(kind, i)).indexOf(code);
  if (at < 0) return refuse(404, "no-such-point", `没有编码为“${code}”的点位。`, `There is no point "${code}".`);
  if (!rest) return pointPage(kind, at, area, year);
  const item = kind.items.find((own) => own.code === query.get("item"));
  if (!item) return refuse(404, "no-such-item", "该点位没有这个项目。", "The point has no such item.");
  return rest === "series" ? series(kind, at, item) : sources(kind, at, item, query.get("month") ?? "2025-06");
}
