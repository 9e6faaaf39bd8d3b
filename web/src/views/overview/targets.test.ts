import { expect, it } from "vitest";
import type { TargetRow } from "../../api/types";
import { countsOf, foundTargets } from "./targets";

const row = (id: string, own: Partial<TargetRow>): TargetRow => ({ id, quote: "“建设”", value: "≥70 %", deadline: "2025", line: 1, state: "no-data", why: { zh: "", en: "" }, ...own });
const rows = [row("T01", {}), row("T02", { state: "text", quote: "“禁止新建”" }), row("T03", { state: "no-data", value: "46" })];

it("counts targets by state and finds them by state and words", () => {
  expect(countsOf(rows)).toEqual({ "no-data": 2, text: 1 });
  const ids = (wanted: string, state: "text" | "no-data" | null) => foundTargets(rows, wanted, state).map((own) => own.id);
  expect(ids("", null)).toEqual(["T01", "T02", "T03"]);
  expect(ids("t0", "no-data")).toEqual(["T01", "T03"]);
  expect(ids(" 禁止 ", null)).toEqual(["T02"]);
  expect(ids("46", "text")).toEqual([]);
});
