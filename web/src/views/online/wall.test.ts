import { describe, expect, it } from "vitest";
import type { DeviceLink, OutletKind, ValuesOf, WallDevice, WallValue } from "../../api/online";
import { changed, countByState, filtered, foremost, grouped, inSight, judged, rowsOf, withValues } from "./wall";

const value = (code: string, more: Partial<WallValue> = {}): WallValue => ({ code, unit: "mg/m3", time: "2026-01-01T08:00:00+08:00", value: "1", converted: null, flag: "N", qc: 1, low: null, high: null, basis: null, over: false, frame: 1, ...more });
const device = (mn: string, state: DeviceLink, kind: OutletKind | null, more: Partial<WallDevice> = {}): WallDevice => ({
  mn, state, connected: state === "online", last_seen: "2026-01-01T08:00:01+08:00", data_time: "2026-01-01T08:00:00+08:00", generation: "2017", vendor: "模拟甲", values: [value("a21026")], alerts: 0, deviations_today: 0, frames_today: 1, simulated: true,
  outlet: kind && { code: `O${mn}`, name: { zh: `模拟排口${mn}`, en: `Outlet ${mn}` }, kind, area: kind === "gas" ? "01" : "02", enterprise: "模拟厂" },
  ...more,
});
const all = [device("1", "online", "gas"), device("2", "silent", "gas"), device("3", "late", "water", { alerts: 2 }), device("4", "unknown-mn", null)];
const none = { text: "", kind: null, district: null, state: null, alerts: false };

describe("choosing", () => {
  it("filters by kind, area, state, alerts and words", () => {
    const mns = (filter: object) => filtered(all, { ...none, ...filter }).map((one) => one.mn);
    expect(mns({})).toEqual(["1", "2", "3", "4"]);
    expect(mns({ kind: "gas" })).toEqual(["1", "2"]);
    expect(mns({ district: "02" })).toEqual(["3"]);
    expect(mns({ state: "silent" })).toEqual(["2"]);
    expect(mns({ alerts: true })).toEqual(["3"]);
    expect(mns({ text: " outlet 2" })).toEqual(["2"]);
  });
  it("counts every state, also those nobody is in", () => {
    expect(countByState(all)).toEqual({ online: 1, late: 1, silent: 1, maintenance: 0, never: 0, "unknown-mn": 1 });
  });
  it("groups in a fixed order, the unknown last, the urgent first", () => {
    const shape = (by: "kind" | "district" | "state") => grouped(all, by).map((group) => [group.key, group.devices.map((one) => one.mn).join("")]);
    expect(shape("kind")).toEqual([["gas", "21"], ["water", "3"], ["", "4"]]);
    expect(shape("district")).toEqual([["01", "21"], ["02", "3"], ["", "4"]]);
    expect(shape("state")).toEqual([["online", "1"], ["late", "3"], ["silent", "2"], ["unknown-mn", "4"]]);
  });
  it("puts values over their limit first, and shows the form the limit is for", () => {
    const values = [value("x"), value("limited", { high: "50" }), value("over", { high: "50", over: true, basis: "converted", converted: "61" })];
    expect(foremost(values, 2).map((one) => one.code)).toEqual(["over", "limited"]);
    expect(values.map(judged)).toEqual(["1", "1", "61"]);
  });
});

describe("events", () => {
  const news = (time: string, received = time): ValuesOf => ({ mn: "1", outlet: "O1", cadence: "realtime", data_time: time, received, frame: 9, frames_today: 5, deviations_today: 1, values: [value("a21026", { time, value: "7" }), value("a21002", { time })] });
  it("takes newer values and adds new parameters", () => {
    const next = withValues(all[0]!, news("2026-01-01T08:01:00+08:00"));
    expect(next.values.map((one) => one.value)).toEqual(["7", "1"]);
    expect(next.last_seen).toBe("2026-01-01T08:01:00+08:00");
    expect(next.frames_today).toBe(5);
  });
  it("leaves shown values alone when older ones are filled in, but was seen", () => {
    const next = withValues(all[0]!, news("2026-01-01T07:00:00+08:00", "2026-01-01T09:00:00+08:00"));
    expect(next.values[0]?.value).toBe("1");
    expect(next.data_time).toBe("2026-01-01T08:00:00+08:00");
    expect(next.last_seen).toBe("2026-01-01T09:00:00+08:00");
  });
  it("replaces devices, adds new ones, leaves the others as they are", () => {
    const wall = { now: "", devices: all, parameters: [], areas: [], simulated: true };
    const next = changed(wall, [device("2", "online", "gas"), device("5", "online", "noise")], [news("2026-01-01T08:01:00+08:00")]);
    expect(next.devices.map((one) => `${one.mn}${one.state[0]}`)).toEqual(["1o", "2o", "3l", "4u", "5o"]);
    expect(next.devices[2]).toBe(all[2]);
  });
});

describe("rows", () => {
  it("places every device once, and draws what is in sight only", () => {
    const many = Array.from({ length: 2000 }, (_, at) => device(String(at), "online", at % 3 === 0 ? "gas" : "water"));
    const { rows, height } = rowsOf(grouped(many, "kind"), { perRow: 5, head: 40, cell: 100 });
    const drawn = rows.flatMap((row) => (row.kind === "cells" ? row.devices : []));
    expect(new Set(drawn.map((one) => one.mn)).size).toBe(2000);
    // 667 gas in 134 rows, 1333 water in 267 rows, two heads.
    expect(height).toBe((134 + 267) * 100 + 80);
    expect(inSight(rows, 0, 900).length).toBe(10);
    for (let at = 1; at < rows.length; at += 1) expect(rows[at]!.top).toBe(rows[at - 1]!.top + rows[at - 1]!.height);
  });
});
