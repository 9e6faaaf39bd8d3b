import { expect, it } from "vitest";
import type { PointCell, PointRow } from "../../api/media";
import { byWeight, cellOf, columnsOf, exceedanceIs, filtered, headOf, nameOf, reasonOf, riverColors } from "./points";

const two = (zh: string) => ({ zh, en: zh });
const cell = (item: string, over = false): PointCell => ({ item, value: "1", class: null, color: null, limit: "1", over, exceed: null, source: "manual", n: 1, of: 1, below: false });
const point = (code: string, own: Partial<PointRow>): PointRow => ({ code, name: two(code), kind: two("河流"), water_body: "沱江", basin: "沱江流域", level: "国控", target: "Ⅲ", lon: 1, lat: 1, class: "Ⅲ", color: "#00B050", met: true, main: [], cells: [], months: 1, months_of: 1, why: null, note: null, confidence: "confirmed", simulated: false, ...own });
const item = (code: string, symbol: string | null = null) => ({ code, name: two(`项目${code}`), symbol, unit: "mg/L", limit: null });
const say = (row: { name: { zh: string } }) => row.name.zh;
const zh = (text: { zh: string }) => text.zh;

it("finds points by words, class and target", () => {
  const rows = [point("a", {}), point("b", { class: "Ⅳ", met: false }), point("c", { class: null, met: null, water_body: "琼江" })];
  const codes = (wanted: string, own: string | null, failed: boolean) => filtered(rows, { wanted, class: own, failed }, say).map((row) => row.code);
  expect(codes("", null, false)).toEqual(["a", "b", "c"]);
  expect(codes(" 琼江 ", null, false)).toEqual(["c"]);
  expect(codes("", "none", false)).toEqual(["c"]);
  expect(codes("", null, true)).toEqual(["b"]);
  expect(codes("A", "Ⅳ", false)).toEqual([]);
});

it("puts the items that are over first and keeps the others in order", () => {
  const rows = [point("a", { cells: [cell("x"), cell("z", true)] }), point("b", { cells: [cell("y"), cell("z", true), cell("y", true)] })];
  expect(byWeight([item("x"), item("y"), item("z")], rows).map((own) => own.code)).toEqual(["z", "x", "y"]);
  expect(cellOf(rows[0]!, "y")).toBeNull();
  expect(headOf(item("x", "TP"), zh)).toBe("TP");
  expect(nameOf([item("x")], "x", zh)).toBe("项目x");
  expect(nameOf([item("x")], "y", zh)).toBe("y");
});

it("tells times above a limit from so much more than it", () => {
  const own = (value: string, limit: string | null, exceed: string | null) => exceedanceIs({ ...cell("x", true), value, limit, exceed }, null);
  expect(own("1.21", "≤1", "0.21")).toBe("times");
  expect(own("1.8", "≤0.1", "17")).toBe("times");
  expect(own("60.1", "≤55", "5.1")).toBe("more");
  expect(own("60.1", "6–9", "5.1")).toBeNull();
  expect(own("60.1", null, "5.1")).toBeNull();
  expect(own("3", "≤1", "7")).toBeNull();
});

it("says why a point has no class, also when the server does not", () => {
  expect(reasonOf(point("a", { class: null, why: two("断流") }), zh, "没有结果")).toBe("断流");
  expect(reasonOf(point("a", { class: null }), zh, "没有结果")).toBe("没有结果");
  expect(reasonOf(point("a", {}), zh, "没有结果")).toBe("");
});

it("leaves the columns of a long list for later", () => {
  const many = Array.from({ length: 40 }, (_, at) => item(`i${at}`));
  const rows = [point("a", { cells: [cell("i39", true)] })];
  expect(columnsOf(many, rows, false).map((own) => own.code).slice(0, 2)).toEqual(["i39", "i0"]);
  expect(columnsOf(many, rows, false)).toHaveLength(24);
  expect(columnsOf(many, rows, true)).toEqual(many);
  expect(columnsOf(many.slice(0, 30), rows, false)).toEqual(many.slice(0, 30));
});

it("knows the colour of a river by the body of its name only", () => {
  const body = { name: two("沱江"), kind: "river" as const, grade: null, color: "#00B050", sections: 1, judged: 1, good_percent: null, bad_percent: null, main: [], tli: null, why: null };
  expect(riverColors([body, { ...body, name: two("沱江流域"), kind: "basin" }, { ...body, name: two("琼江"), color: null }])).toEqual({ 沱江: "#00B050" });
});
