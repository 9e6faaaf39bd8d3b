import { expect, it } from "vitest";
import type { Ink } from "./ink";
import type { SeriesMonth } from "../api/media";
import { monthsOption } from "./months";

const ink: Ink = { text: "#000", soft: "#111", faint: "#222", line: "#333", accent: "#444", accentSoft: "#555", paper: "#fff", sunk: "#eee", behind: "#900", font: "serif", px: (design) => design };
const words = { limit: "限值", below: "低于检出限", sources: { automatic: "自动", manual: "手工", both: "合并" } };
const point = (month: string, value: string | null, own: Partial<SeriesMonth> = {}): SeriesMonth => ({ month, value, below: false, source: value === null ? null : "automatic", n: 20, of: 30, ...own });

interface Made {
  yAxis: { max?: number; min?: number };
  series: { data: { value: number | null; symbol: string; itemStyle: { color: string; borderColor?: string } }[]; markLine?: unknown }[];
}

it("marks what is over, what is below detection and what is manual, and keeps gaps", () => {
  const made = monthsOption([point("2025-01", "0.25"), point("2025-02", null), point("2025-03", "0.01", { below: true }), point("2025-04", "0.1", { source: "manual" })], "TP", "mg/L", 0.2, "2025-04", words, ink) as unknown as Made;
  const [over, gap, below, manual] = made.series[0]?.data ?? [];
  expect(over?.itemStyle.color).toBe(ink.behind);
  expect(gap?.value).toBeNull();
  expect(below?.itemStyle).toMatchObject({ color: ink.paper, borderColor: ink.accent });
  expect(manual).toMatchObject({ symbol: "diamond", itemStyle: { borderColor: ink.text } });
  expect(made.series[0]?.markLine).toBeDefined();
});

it("keeps a limit above all values in sight, and draws no line without one", () => {
  const far = monthsOption([point("2025-01", "0.05")], "TP", "mg/L", 0.2, null, words, ink) as unknown as Made;
  expect(far.yAxis.max).toBe(0.216);
  const none = monthsOption([point("2025-01", "0.05")], "TN", "mg/L", null, null, words, ink) as unknown as Made;
  expect(none.series[0]?.markLine).toBeUndefined();
  expect(none.yAxis.max).toBeUndefined();
});
