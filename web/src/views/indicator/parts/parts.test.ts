import { expect, it } from "vitest";
import type { IndicatorPart } from "../../../api/plan-full";
import { assumptionsOf, momentOfDay, ordered, pageOfPart, shares, troubled } from "./parts";

const two = (zh: string) => ({ zh, en: zh });
const part = (feature: string, own: Partial<IndicatorPart> = {}): IndicatorPart => ({ feature, name: two(feature), value: "Ⅲ", met: true, contribution: "5.88", why: two(""), counted: true, link: null, ...own });

it("lists first what costs the value, then what is not counted, then by contribution", () => {
  const parts = [part("a"), part("b", { counted: false, met: null, contribution: null }), part("c", { met: false, contribution: "0" }), part("d", { contribution: "-9" })];
  expect(ordered(parts).map((own) => own.feature)).toEqual(["c", "b", "d", "a"]);
  expect(parts.filter(troubled).map((own) => own.feature)).toEqual(["b", "c"]);
  expect(shares([part("a"), part("b", { contribution: "-11.76" }), part("c", { contribution: null }), part("d", { contribution: "x" })])).toEqual([50, 100, null, null]);
  expect(shares([part("a", { contribution: "0" })])).toEqual([0]);
});

it("leads from a part to its own page", () => {
  expect(pageOfPart(part("a"))).toBeNull();
  expect(pageOfPart(part("a", { link: { kind: "point", id: "a/1", medium: "surface-water", area: null } }))).toEqual({ path: "/media/surface-water/a%2F1", query: {} });
  expect(pageOfPart(part("a", { link: { kind: "indicator", id: "5", medium: null, area: "512002" } }))).toEqual({ path: "/indicator/5", query: { area: "512002" } });
  expect(pageOfPart(part("a", { link: { kind: "point", id: "a", medium: null, area: null } }))).toBeNull();
});

it("assumes the same of every chosen part", () => {
  expect(assumptionsOf(["a", "b"], "class", " Ⅲ ")).toEqual([{ feature: "a", item: "class", value: "Ⅲ" }, { feature: "b", item: "class", value: "Ⅲ" }]);
  expect(assumptionsOf(["a"], "class", " ")).toEqual([]);
});

it("reads a day as its beginning in Beijing", () => {
  expect(momentOfDay("2025-06-01")).toBe("2025-06-01T00:00:00+08:00");
  expect(momentOfDay("2025-13-01")).toBeNull();
  expect(momentOfDay("")).toBeNull();
});
