// The parts of an indicator as its page lists them, and what a scenario may assume of them.
import type { Assumption, IndicatorPart } from "../../../api/plan-full";

/** Not met or not counted first, as they cost the value; inside each kind the greatest contribution first. */
export function ordered(parts: IndicatorPart[]): IndicatorPart[] {
  const rank = (part: IndicatorPart) => (part.met === false ? 0 : !part.counted ? 1 : 2);
  const size = (part: IndicatorPart) => Math.abs(Number(part.contribution ?? 0));
  return [...parts].sort((a, b) => rank(a) - rank(b) || size(b) - size(a));
}

export function troubled(part: IndicatorPart): boolean {
  return part.met === false || !part.counted;
}

/** Length of each contribution's bar, 0 … 100, from the greatest; null where there is none. */
export function shares(parts: IndicatorPart[]): (number | null)[] {
  const values = parts.map((part) => (part.contribution === null || !Number.isFinite(Number(part.contribution)) ? null : Number(part.contribution)));
  const most = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)));
  return values.map((value) => (value === null ? null : most === 0 ? 0 : (100 * Math.abs(value)) / most));
}

/** Where a part's own page is, with the parameters it needs; null when it has none. */
export function pageOfPart(part: IndicatorPart): { path: string; query: Record<string, string> } | null {
  const link = part.link;
  if (!link) return null;
  const query: Record<string, string> = link.area ? { area: link.area } : {};
  if (link.kind === "indicator") return { path: `/indicator/${encodeURIComponent(link.id)}`, query };
  return link.medium ? { path: `/media/${encodeURIComponent(link.medium)}/${encodeURIComponent(link.id)}`, query } : null;
}

/** The same assumption of every chosen part, in the order of the list; empty while nothing is chosen or said. */
export function assumptionsOf(chosen: string[], item: string, value: string): Assumption[] {
  return value.trim() === "" ? [] : chosen.map((feature) => ({ feature, item, value: value.trim() }));
}

/** A day as the moment it begins in Beijing, as the server takes it; null when it is no day. */
export function momentOfDay(day: string): string | null {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(`${day}T00:00:00+08:00`)) ? `${day}T00:00:00+08:00` : null;
}
