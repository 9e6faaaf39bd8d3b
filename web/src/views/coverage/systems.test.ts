import { expect, it } from "vitest";
import type { CoveredSystem } from "../../api/plan-full";
import { foundSystems, pathOf } from "./systems";

const row = (id: string, own: Partial<CoveredSystem>): CoveredSystem => ({ no: 1, id, name: { zh: "系统", en: "System" }, group: "T", depth: "A", chapter: "", plan_line: 1, quote: "建设", does: { zh: "", en: "" }, state: "missing", scenarios: [], shows: "main", serves: [], places: [], note: { zh: "", en: "" }, ...own });

it("finds systems by words, state and domain", () => {
  const rows = [row("a", {}), row("b", { state: "works", group: "W", serves: ["standard:gb3838-2002"] }), row("c", { name: { zh: "流域", en: "Basin" } })];
  const ids = (own: Partial<Parameters<typeof foundSystems>[1]>) => foundSystems(rows, { wanted: "", state: null, group: null, ...own }).map((each) => each.id);
  expect(ids({})).toEqual(["a", "b", "c"]);
  expect(ids({ state: "works" })).toEqual(["b"]);
  expect(ids({ group: "T" })).toEqual(["a", "c"]);
  expect(ids({ wanted: "BASIN" })).toEqual(["c"]);
  expect(ids({ wanted: "gb3838" })).toEqual(["b"]);
});

it("leads to pages and not to commands", () => {
  expect(pathOf("/media/soil")).toBe("/media/soil");
  expect(pathOf("jingce plan status")).toBeNull();
});
