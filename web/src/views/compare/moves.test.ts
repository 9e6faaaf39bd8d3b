import { expect, it } from "vitest";
import { moves } from "./moves";

const side = (level: number | null) => ({ aqi: null, level, primary: [] });
const day = (a: number | null, b: number | null) => ({ date: "2016-01-01", a: side(a), b: side(b) });

it("counts the days of every pair of classes, the most frequent first", () => {
  expect(moves([day(2, 3), day(1, 2), day(2, 3), day(3, null)])).toEqual([
    { a: 2, b: 3, days: 2 },
    { a: 1, b: 2, days: 1 },
    { a: 3, b: null, days: 1 },
  ]);
  expect(moves([])).toEqual([]);
});
