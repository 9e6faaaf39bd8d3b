import { expect, it } from "vitest";
import type { Ink } from "./ink";
import { sharesOption } from "./shares";

const ink: Ink = { text: "#000", soft: "#111", faint: "#222", line: "#333", accent: "#444", accentSoft: "#555", paper: "#fff", sunk: "#eee", behind: "#900", font: "serif", px: (design) => design };

it("gives every month of the year a column and leaves months without data empty", () => {
  const months = [{ month: "2025-02", judged: 4, shares: [{ class: "Ⅱ", count: 3, percent: "75.0" }, { class: "Ⅳ", count: 1, percent: "25.0" }] }];
  const classes = [{ class: "Ⅱ", name: "Ⅱ 优", color: "#0000FF" }, { class: "Ⅳ", name: "Ⅳ 轻度污染", color: "#FFFF00" }];
  const made = sharesOption(2025, months, classes, "2025-02", ink) as { series: { data: { value: number | null; month: string; itemStyle: { color: string; borderWidth: number } }[] }[] };
  expect(made.series.map((own) => own.data.length)).toEqual([12, 12]);
  expect(made.series[0]?.data[1]).toEqual({ value: 75, month: "2025-02", itemStyle: { color: "#0000FF", borderColor: "#000", borderWidth: 2 } });
  expect(made.series[0]?.data[2]?.value).toBeNull();
  expect(made.series[1]?.data[1]?.itemStyle.color).toBe("#FFFF00");
});
