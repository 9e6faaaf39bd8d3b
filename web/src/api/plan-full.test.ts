import { expect, it } from "vitest";
import { bodyOf, planAt } from "./plan-full";

it("takes a body with what is known of it, or by its name alone", () => {
  const name = { zh: "市水务局", en: "Water Bureau" };
  const known = { name, lead: true, confidence: "unconfirmed" as const, source: null };
  expect(bodyOf(known)).toBe(known);
  expect(bodyOf(name)).toEqual({ name, lead: false, confidence: "confirmed", source: null });
});

it("asks for a report by plan, kind, format and language", () => {
  expect(planAt.report("a/b", { area: "512000", year: 2025, as_of: null }, "mid-term", "pdf", "en")).toBe("/api/reports/plan?plan=a%2Fb&area=512000&year=2025&kind=mid-term&format=pdf&lang=en");
});
