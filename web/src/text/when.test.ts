import { expect, it } from "vitest";
import { brief, clock, dayOf, inputOf, isoOf, isoOfInput, second, startOf } from "./when";

it("tells moments in Beijing time to the second", () => {
  // UTC+8: 16:00 UTC is the next day's beginning.
  expect(isoOf(Date.UTC(2026, 0, 31, 16, 0, 5))).toBe("2026-02-01T00:00:05+08:00");
  expect(second("2026-01-31T16:00:05Z")).toBe("2026-02-01 00:00:05");
  expect(second(null)).toBe("—");
  expect(second("soon")).toBe("soon");
  expect(dayOf(Date.UTC(2026, 0, 31, 15, 59))).toBe("2026-01-31");
});

it("leaves the date out on the present day only", () => {
  expect(clock("2026-02-01T08:00:05+08:00", "2026-02-01T20:00:00+08:00")).toBe("08:00:05");
  expect(clock("2026-01-31T08:00:05+08:00", "2026-02-01T20:00:00+08:00")).toBe("2026-01-31 08:00:05");
  expect(startOf("2026-02-01T00:00:00+08:00", "day")).toBe("2026-02-01");
  expect(startOf("2026-02-01T01:00:00+08:00", "hour")).toBe("2026-02-01 01:00");
});

it("reads an input's time back", () => {
  expect(isoOfInput("2026-02-01T08:15")).toBe("2026-02-01T08:15:00+08:00");
  expect(inputOf("2026-02-01T08:15:30+08:00")).toBe("2026-02-01T08:15");
  expect(isoOfInput("")).toBeNull();
});

it("says of a moment what it knows", () => {
  expect(brief("2025-06-03T00:00:00+08:00")).toBe("2025-06-03");
  expect(brief("2025-06-03T09:30:00+08:00")).toBe("2025-06-03 09:30");
  expect(brief("2025-06-03T09:30:07+08:00")).toBe("2025-06-03 09:30:07");
  expect(brief(null)).toBe("—");
});
