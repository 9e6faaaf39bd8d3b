import { expect, it } from "vitest";
import type { PointPage } from "../../../api/media";
import { byYear, usualItem, usualMonth } from "./usual";

const two = (zh: string) => ({ zh, en: zh });
const item = (code: string) => ({ code, name: two(code), symbol: null, unit: "", limit: null });
const month = (name: string, own: string | null) => ({ month: name, class: own, color: null, met: null, state: "", why: null, main: [], cells: [], simulated: false });
const page = (own: object): PointPage => ({ year: 2025, classes: [{ class: "Ⅰ" }, { class: "Ⅲ" }], items: [item("ph"), item("tp")], months: [month("2024-12", "Ⅲ"), month("2025-01", "Ⅱ"), month("2025-02", null)], years: [], point: { main: [], cells: [] }, ...own }) as unknown as PointPage;

it("shows the item that is asked for, else the one that decides, else one with a value", () => {
  expect(usualItem(page({}), "tp")).toBe("tp");
  expect(usualItem(page({ point: { main: [{ item: "tp" }], cells: [] } }), "nothing")).toBe("tp");
  expect(usualItem(page({ point: { main: [], cells: [{ item: "tp" }] } }), null)).toBe("tp");
  expect(usualItem(page({ point: { main: [], cells: [{ item: "ph", class: "Ⅰ" }, { item: "tn", class: null }, { item: "tp", class: "Ⅲ" }] } }), null)).toBe("tp");
  expect(usualItem(page({}), null)).toBe("ph");
  expect(usualItem(page({ items: [] }), null)).toBeNull();
});

it("shows the newest judged month of the year", () => {
  expect(usualMonth(page({}), null)).toBe("2025-01");
  expect(usualMonth(page({ year: 2023 }), null)).toBe("2025-01");
  expect(usualMonth(page({}), "2024-12")).toBe("2024-12");
  expect(usualMonth(page({}), "2024-13")).toBe("2025-01");
  expect(usualMonth(page({ months: [] }), null)).toBeNull();
});

it("gives every year twelve places", () => {
  const years = byYear([month("2024-12", "Ⅲ"), month("2025-01", "Ⅱ")]);
  expect(years.map((row) => row.year)).toEqual([2025, 2024]);
  expect(years[0]?.months.map((own) => own?.class ?? null)).toEqual(["Ⅱ", ...Array(11).fill(null)]);
});
