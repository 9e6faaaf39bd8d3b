import { describe, expect, it } from "vitest";
import type { Curve, CurvePoint, CurveSeries, OutletLimit, ValuesOf } from "../../../api/online";
import { appended, basisOf, flagBands, lineOf, nearest, newest, notable, reachOf, spanBefore, usualCodes } from "./curve";

const at = (minute: number) => `2026-01-01T08:${String(minute).padStart(2, "0")}:00+08:00`;
const point = (minute: number, more: Partial<CurvePoint> = {}): CurvePoint => ({ time: at(minute), value: String(minute), converted: null, min: null, max: null, own: null, own_converted: null, flag: "N", qc_flag: 1, qc: [], review: null, marked: false, over: false, frame: minute, ...more });
const series = (points: CurvePoint[], more: Partial<CurveSeries> = {}): CurveSeries => ({ mn: "1", code: "a21026", unit: "mg/m3", points, limits: [], ...more });
const curve = (...of: CurveSeries[]): Curve => ({ outlet: "O1", cadence: "minute", from: at(0), to: at(59), series: of, marks: [], tests: [], parameters: [], simulated: true });
const limit = (code: string, statistic: "hour" | "day", basis: "converted" | "mass" = "converted") => ({ code, statistic, basis }) as OutletLimit;
const ms = (minute: number) => Date.parse(at(minute));

describe("asking", () => {
  it("asks for a span that ends just after the newest value", () => {
    expect(spanBefore("2026-01-01T08:00:00+08:00", 24, "hour")).toEqual({ from: "2025-12-31T09:00:00+08:00", to: "2026-01-01T09:00:00+08:00" });
    expect(spanBefore("2026-01-01T08:00:00+08:00", 24, "hour", "2026-01-01T02:00:00+08:00").from).toBe("2026-01-01T02:00:00+08:00");
  });
  it("shows what has a limit first", () => {
    const codes = ["a", "b", "c"];
    expect(usualCodes(codes, [limit("b", "hour"), limit("c", "day")], "hour", 4)).toEqual(["b"]);
    expect(usualCodes(codes, [limit("b", "hour"), limit("c", "day")], "minute", 4)).toEqual(["b", "c"]);
    expect(usualCodes(codes, [limit("a", "day", "mass")], "day", 2)).toEqual(["a", "b"]);
  });
});

describe("push", () => {
  const news = (minute: number): ValuesOf => ({ mn: "1", outlet: "O1", cadence: "minute", data_time: at(minute), received: at(minute), frame: 90, frames_today: 1, deviations_today: 0, values: [{ code: "a21026", unit: "mg/m3", time: at(minute), value: "7", converted: "9", flag: "N", qc: null, low: null, high: "5", basis: null, over: true, frame: null }] });
  it("adds newer values only, of the same cadence, with the frame they came in", () => {
    const before = curve(series([point(1), point(2)]));
    const after = appended(before, [news(2), news(3)]);
    expect(after.series[0]?.points.map((one) => one.time)).toEqual([at(1), at(2), at(3)]);
    expect(after.series[0]?.points[2]).toMatchObject({ value: "7", converted: "9", over: true, frame: 90 });
    expect(before.series[0]?.points.length).toBe(2);
    expect(appended(before, [{ ...news(3), cadence: "hour" }])).toBe(before);
    expect(newest(after)).toBe(ms(3));
    expect(newest(curve())).toBeNull();
  });
});

describe("drawing", () => {
  it("takes the value the limit is for", () => {
    const limits = [{ from: at(0), to: at(9), low: null, high: "35", basis: "converted" as const, kind: "permit" as const, document: "" }];
    expect(basisOf(series([point(1, { converted: "3" })], { limits }))).toBe("converted");
    expect(basisOf(series([point(1)], { limits }))).toBe("measured");
    expect(basisOf(series([point(1, { converted: "3" })]))).toBe("measured");
  });
  it("breaks the line where values are missing", () => {
    expect(lineOf([point(1), point(2), point(3), point(9), point(10, { value: null })], (one) => one.value)).toEqual([[ms(1), 1], [ms(2), 2], [ms(3), 3], [ms(4), null], [ms(9), 9], [ms(10), null]]);
    expect(lineOf([], () => null)).toEqual([]);
  });
  it("joins values of one flag to a band", () => {
    const points = [point(1), point(2, { flag: "M" }), point(3, { flag: "M" }), point(4, { flag: "C" }), point(5), point(6, { flag: null }), point(7, { flag: "D" })];
    expect(flagBands(points)).toEqual([{ from: ms(2), to: ms(4), what: "M" }, { from: ms(4), to: ms(5), what: "C" }, { from: ms(7), to: ms(7), what: "D" }]);
  });
  it("finds the point that is meant", () => {
    const points = [point(1), point(2), point(8)];
    expect([0, 1.4, 1.6, 4.9, 5.1, 30].map((minute) => nearest(points, ms(0) + minute * 60_000)?.value)).toEqual(["1", "1", "2", "2", "8", "8"]);
    expect(nearest([], 0)).toBeNull();
  });
  it("scales to what is normal and to the limits, not to calibrations or a lone value far off", () => {
    const normal = Array.from({ length: 50 }, (_, i) => point(i, { value: String(10 + (i % 5)) }));
    const limits = [{ from: at(0), to: at(59), low: null, high: "20", basis: "measured" as const, kind: "permit" as const, document: "" }];
    const value = (one: CurvePoint) => one.value;
    // 10 … 14 and the limit 20, with 6 % of 10 on either side.
    expect(reachOf(series([...normal, point(55, { value: "9000", flag: "C" }), point(56, { value: "400" })], { limits }), value)).toEqual({ low: 9.4, high: 20.6 });
    expect(reachOf(series([point(1, { value: "7" })]), value)).toEqual({ low: 6.58, high: 7.42 });
    expect(reachOf(series([point(1, { value: null })]), value)).toBeNull();
  });
  it("knows what should be looked at", () => {
    expect(notable(point(1))).toBe(false);
    expect(notable(point(1, { qc_flag: 2 }))).toBe(false);
    for (const more of [{ over: true }, { marked: true }, { flag: "M" as const }, { qc_flag: 3 as const }, { review: "r1" }]) expect(notable(point(1, more))).toBe(true);
  });
});
