import { expect, it } from "vitest";
import type { PlanRow, ValueText } from "../../api/types";
import { place2d } from "./pathline";

const number = (value: number): ValueText => ({ text: String(value), number: value, kind: "number" });
const row = (base: ValueText, target: ValueText, value: ValueText | null, valueYear: number | null): PlanRow =>
  ({ base, target, value, value_year: valueYear, target_year: 2025 }) as PlanRow;

it("runs from the lower left to the upper right for a rising target", () => {
  const drawn = place2d(row(number(88.8), number(90.8), number(89.8), 2022), 2020, 2025);
  expect(drawn).not.toBeNull();
  expect(drawn!.base.x).toBeLessThan(drawn!.value!.x);
  expect(drawn!.value!.x).toBeLessThan(drawn!.target.x);
  expect(drawn!.base.y).toBeGreaterThan(drawn!.value!.y);
  expect(drawn!.value!.y).toBeGreaterThan(drawn!.target.y);
});

it("stays level when base and target are equal, and draws no dot without a value", () => {
  const drawn = place2d(row(number(0), number(0), null, null), 2020, 2025);
  expect(drawn!.base.y).toBe(drawn!.target.y);
  expect(drawn!.value).toBeNull();
});

it("draws nothing for a target in words", () => {
  expect(place2d(row(number(0), { text: "基本消除", number: null, kind: "text" }, null, null), 2020, 2025)).toBeNull();
});
