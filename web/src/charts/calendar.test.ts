import { expect, it } from "vitest";
import { calendarHeight, cellOf, partsOf } from "./calendar";

it("shows every day of the year exactly once at any width", () => {
  for (const width of [330, 700, 1300]) {
    let days = 0;
    for (const [from, to] of partsOf(2016, width)) days += (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
    expect(days).toBe(366); // 2016 is a leap year
  }
});

it("fits the weeks of a year into the width it has", () => {
  // A leap year beginning on a Sunday (2012) touches 54 weeks that begin on Monday.
  for (const width of [560, 900, 1340]) expect(54 * cellOf(width) + 34).toBeLessThanOrEqual(width);
  expect(19 * cellOf(330) + 34).toBeLessThanOrEqual(330);
});

it("grows taller on a phone", () => {
  expect(calendarHeight(2016, 340)).toBeGreaterThan(calendarHeight(2016, 1200));
});
