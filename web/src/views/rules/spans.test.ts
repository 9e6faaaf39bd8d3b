import { expect, it } from "vitest";
import { spans } from "./spans";

it("places dates in force on one line, the open end to the right edge", () => {
  const line = spans([
    { from: "2016-01-01", to: "2026-03-01" },
    { from: "2031-01-01", to: null },
  ]);
  expect([line.from, line.to]).toEqual([2016, 2033]);
  expect(line.spans[0]?.left).toBe(0);
  // 2026-03-01 is 59 days of 365 into the year: (10 + 59/365) of 17 years.
  expect(line.spans[0]?.width).toBeCloseTo((100 * (10 + 59 / 365)) / 17, 9);
  expect(line.spans[1]!.left + line.spans[1]!.width).toBeCloseTo(100, 9);
});
