import { describe, expect, it } from "vitest";
import { addDays, decimals, fixed, grouped, instant, moment, numberOf, placesOf, silent, sized, textOf } from "./value";

describe("values", () => {
  it("groups thousands and leaves decimals as they came", () => {
    expect(grouped(140352)).toBe("140\u202f352");
    expect(grouped(1234.50625)).toBe("1\u202f234.50625");
    expect(grouped(88.8)).toBe("88.8");
  });
  it("prints the plan's own text", () => {
    expect(textOf({ text: "基本消除", number: null, kind: "text" })).toBe("基本消除");
    expect(textOf(null)).toBe("");
    expect(numberOf({ text: "≥70", number: 70, kind: "at-least" })).toBe(70);
    expect(numberOf("稳中向好")).toBeNull();
    expect(numberOf("")).toBeNull();
  });
  it("knows an empty cell of the plan", () => {
    for (const text of ["", "—", "/"]) expect(silent({ text, number: null, kind: "text" })).toBe(true);
    expect(silent({ text: "0", number: 0, kind: "number" })).toBe(false);
  });
  it("tells instants in Beijing time and reads them back", () => {
    // UTC+8: midnight UTC is 08:00 of the same day, 16:00 UTC the next day's beginning.
    expect(moment("2026-01-01T00:00:00Z")).toBe("2026-01-01 08:00");
    expect(moment("2025-12-31T16:00:00Z")).toBe("2026-01-01 00:00");
    expect(instant("2026-01-01T00:00")).toBe("2025-12-31T16:00:00.000Z");
    expect(moment("soon")).toBe("soon");
  });
  it("moves dates over month ends and leap days", () => {
    expect(addDays("2016-02-28", 1)).toBe("2016-02-29");
    expect(addDays("2017-01-01", -1)).toBe("2016-12-31");
  });
});

it("prints a column with the decimals its finest value needs", () => {
  expect(decimals([0.8, 1, null, 1.25])).toBe(2);
  expect(fixed(1, 2)).toBe("1.00");
  expect(fixed(null, 2)).toBe("—");
  expect(placesOf(["co", "so2"], [{ co: { value: 0.8 } }, { co: { value: 1 }, so2: { value: 3 } }])).toEqual({ co: 1, so2: 0 });
});

it("prints sizes in one way", () => {
  expect(sized(840)).toBe("0.8 KB");
  expect(sized(6_900_000)).toBe("6.9 MB");
});
