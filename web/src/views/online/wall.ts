// The device wall without the page: which devices are shown, in which groups, on which rows, and what an event changes.
import type { DeviceLink, OutletKind, ValuesOf, Wall, WallDevice, WallValue } from "../../api/online";

/** In the order a person should look: what is wrong first within a group, and so the counts read. */
export const LINKS: DeviceLink[] = ["online", "late", "silent", "maintenance", "never", "unknown-mn"];
export const KINDS: OutletKind[] = ["gas", "water", "air", "surface-water", "noise", "micro"];
const URGENCY: Record<DeviceLink, number> = { silent: 0, late: 1, "unknown-mn": 2, never: 3, maintenance: 4, online: 5 };

export interface Filter {
  /** Part of a name, an MN, an enterprise, a vendor. */
  text: string;
  kind: string | null;
  district: string | null;
  state: string | null;
  alerts: boolean;
}

export type GroupBy = "kind" | "district" | "state";

export interface Group {
  /** Code of the kind, area or state; empty for devices no register has. */
  key: string;
  devices: WallDevice[];
}

function words(device: WallDevice): string {
  const outlet = device.outlet;
  return [device.mn, device.vendor ?? "", outlet?.code ?? "", outlet?.name.zh ?? "", outlet?.name.en ?? "", outlet?.enterprise ?? ""].join(" ").toLowerCase();
}

export function filtered(devices: WallDevice[], filter: Filter): WallDevice[] {
  const text = filter.text.trim().toLowerCase();
  return devices.filter(
    (device) =>
      (!filter.kind || device.outlet?.kind === filter.kind) &&
      (!filter.district || device.outlet?.area === filter.district) &&
      (!filter.state || device.state === filter.state) &&
      (!filter.alerts || device.alerts > 0) &&
      (text === "" || words(device).includes(text)),
  );
}

export function countByState(devices: WallDevice[]): Record<DeviceLink, number> {
  const counts: Record<DeviceLink, number> = { online: 0, late: 0, silent: 0, maintenance: 0, never: 0, "unknown-mn": 0 };
  for (const device of devices) counts[device.state] += 1;
  return counts;
}

function keyOf(device: WallDevice, by: GroupBy): string {
  if (by === "state") return device.state;
  return (by === "kind" ? device.outlet?.kind : device.outlet?.area) ?? "";
}

/** Kinds and states in their own order, areas by code; devices without one last. Within a group alerts first, then what is wrong. */
export function grouped(devices: WallDevice[], by: GroupBy): Group[] {
  const found = new Map<string, WallDevice[]>();
  for (const device of devices) {
    const key = keyOf(device, by);
    const group = found.get(key);
    if (group) group.push(device);
    else found.set(key, [device]);
  }
  const order: string[] = by === "kind" ? KINDS : by === "state" ? LINKS : [...found.keys()].sort();
  const rank = (key: string) => (key === "" ? Number.MAX_SAFE_INTEGER : order.indexOf(key));
  const groups = [...found].map(([key, list]) => ({ key, devices: list.toSorted((a, b) => urgency(a) - urgency(b)) }));
  return groups.sort((a, b) => rank(a.key) - rank(b.key));
}

function urgency(device: WallDevice): number {
  return (device.alerts > 0 ? 0 : 10) + URGENCY[device.state];
}

/** The values a tile has room for: those over their limit, then those with one, then the register's order. */
export function foremost(values: WallValue[], room: number): WallValue[] {
  const rank = (value: WallValue) => (value.over ? 0 : value.high !== null || value.low !== null ? 1 : 2);
  return values.toSorted((a, b) => rank(a) - rank(b)).slice(0, room);
}

/** The one of a value's two forms that its limit is for. */
export function judged(value: WallValue): string | null {
  return value.basis === "converted" ? (value.converted ?? value.value) : value.value;
}

/** The wall after events: whole devices take the place of older ones, new values that of older values. */
export function changed(wall: Wall, devices: WallDevice[], values: ValuesOf[]): Wall {
  const whole = new Map(devices.map((device) => [device.mn, device]));
  const news = new Map<string, ValuesOf[]>();
  for (const one of values) news.set(one.mn, [...(news.get(one.mn) ?? []), one]);
  const next = wall.devices.map((old) => {
    const device = whole.get(old.mn) ?? old;
    whole.delete(old.mn);
    return (news.get(old.mn) ?? []).reduce(withValues, device);
  });
  return { ...wall, devices: [...next, ...whole.values()] };
}

/** A device with newer values; older ones, as those of a back-fill, leave the shown ones alone. */
export function withValues(device: WallDevice, news: ValuesOf): WallDevice {
  const newer = new Map(news.values.map((value) => [value.code, value]));
  const values = device.values.map((old) => {
    const value = newer.get(old.code);
    newer.delete(old.code);
    return value && value.time >= old.time ? value : old;
  });
  const seen = device.last_seen !== null && device.last_seen > news.received ? device.last_seen : news.received;
  const time = device.data_time !== null && device.data_time > news.data_time ? device.data_time : news.data_time;
  return { ...device, values: [...values, ...newer.values()], last_seen: seen, data_time: time, frames_today: news.frames_today, deviations_today: news.deviations_today };
}

export type Row = { top: number; height: number; group: Group } & ({ kind: "head" } | { kind: "cells"; devices: WallDevice[]; at: number });

export interface Sizes {
  perRow: number;
  head: number;
  cell: number;
}

/** Every row of the wall with its place, so that only those in sight need be drawn. */
export function rowsOf(groups: Group[], sizes: Sizes): { rows: Row[]; height: number } {
  const rows: Row[] = [];
  let top = 0;
  for (const group of groups) {
    rows.push({ kind: "head", group, top, height: sizes.head });
    top += sizes.head;
    for (let at = 0; at < group.devices.length; at += sizes.perRow) {
      rows.push({ kind: "cells", group, devices: group.devices.slice(at, at + sizes.perRow), at, top, height: sizes.cell });
      top += sizes.cell;
    }
  }
  return { rows, height: top };
}

/** The rows that touch `from` … `to`. */
export function inSight(rows: Row[], from: number, to: number): Row[] {
  return rows.filter((row) => row.top + row.height > from && row.top < to);
}
