import { expect, it } from "vitest";
import type { Dialogue, RequestField, RequestKind } from "../../../api/online";
import { firstInputs, fits, sent, withDialogue } from "./dialogues";

const field = (name: string, type: RequestField["type"], more: Partial<RequestField> = {}): RequestField => ({ name, title: { zh: name, en: name }, type, unit: null, required: true, min: null, max: null, choices: [], usual: null, ...more });
const kind: RequestKind = { id: "history-minute", cn: "2051", title: { zh: "", en: "" }, control: false, fields: [field("from", "time", { usual: "2026-01-01T08:00:00+08:00" }), field("interval", "number", { min: 30, max: 3600, required: false })] };
const dialogue = (id: string, state: Dialogue["state"]) => ({ id, state }) as Dialogue;

it("fills a form and reads it back", () => {
  expect(firstInputs(kind)).toEqual({ from: "2026-01-01T08:00", interval: "" });
  expect(sent(kind, { from: "2026-01-01T09:30", interval: " " })).toEqual({ from: "2026-01-01T09:30:00+08:00" });
});

it("refuses what cannot be sent", () => {
  const [from, interval] = kind.fields as [RequestField, RequestField];
  expect([fits(from, ""), fits(from, "2026-01-01T08:00")]).toEqual([false, true]);
  // HJ 212-2017, RtdInterval: 30 to 3600 s.
  expect(["", "29", "30", "3600", "3601", "x"].map((text) => fits(interval, text))).toEqual([true, false, true, true, false, false]);
  expect(fits(field("state", "choice", { choices: [{ value: "on", title: { zh: "", en: "" } }] }), "off")).toBe(false);
});

it("puts a dialogue's newer form in its place", () => {
  const list = [dialogue("2", "asked"), dialogue("1", "done")];
  expect(withDialogue(list, dialogue("2", "accepted")).map((one) => `${one.id} ${one.state}`)).toEqual(["2 accepted", "1 done"]);
  expect(withDialogue(list, dialogue("3", "asked")).map((one) => one.id)).toEqual(["3", "2", "1"]);
});
