// Dates in force -> places on a common line, in percent.
import type { RuleSet } from "../../api/types";

export interface Line {
  from: number;
  to: number;
  spans: { left: number; width: number }[];
}

function yearOf(date: string): number {
  const at = new Date(`${date}T00:00:00Z`);
  const year = at.getUTCFullYear();
  const start = Date.UTC(year, 0, 1);
  return year + (at.getTime() - start) / (Date.UTC(year + 1, 0, 1) - start);
}

/** The line runs from the first year in force to two years after the last date named; an open end reaches its end. */
export function spans(sets: Pick<RuleSet, "from" | "to">[]): Line {
  const dates = sets.flatMap((set) => (set.to ? [yearOf(set.from), yearOf(set.to)] : [yearOf(set.from)]));
  const from = Math.floor(Math.min(...dates));
  const to = Math.floor(Math.max(...dates)) + 2;
  const part = (year: number) => (100 * (year - from)) / (to - from);
  return {
    from,
    to,
    spans: sets.map((set) => {
      const left = part(yearOf(set.from));
      return { left, width: (set.to ? part(yearOf(set.to)) : 100) - left };
    }),
  };
}
