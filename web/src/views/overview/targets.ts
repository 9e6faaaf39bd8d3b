// The plan's other targets by state and words.
import type { State, TargetRow } from "../../api/types";

/** States in the order their filters stand. */
export const ORDER: State[] = ["achieved", "on-track", "behind", "no-data", "text", "not-due"];

export function countsOf(rows: TargetRow[]): Partial<Record<State, number>> {
  const counts: Partial<Record<State, number>> = {};
  for (const row of rows) counts[row.state] = (counts[row.state] ?? 0) + 1;
  return counts;
}

export function foundTargets(rows: TargetRow[], wanted: string, state: State | null): TargetRow[] {
  const words = wanted.trim().toLowerCase();
  return rows.filter((row) => (state === null || row.state === state) && `${row.id} ${row.quote} ${row.value} ${row.deadline}`.toLowerCase().includes(words));
}
