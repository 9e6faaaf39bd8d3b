// Days that change class between two rule sets -> how many moved from which class to which.
import type { Comparison } from "../../api/types";

export interface Move {
  a: number | null;
  b: number | null;
  days: number;
}

/** One move per pair of classes, the most frequent first; ties by class. */
export function moves(changed: Comparison["changed"]): Move[] {
  const found = new Map<string, Move>();
  for (const day of changed) {
    const key = `${day.a.level}>${day.b.level}`;
    const move = found.get(key) ?? { a: day.a.level, b: day.b.level, days: 0 };
    move.days += 1;
    found.set(key, move);
  }
  return [...found.values()].sort((x, y) => y.days - x.days || (x.a ?? 0) - (y.a ?? 0) || (x.b ?? 0) - (y.b ?? 0));
}
