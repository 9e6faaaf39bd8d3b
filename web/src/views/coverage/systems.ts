// Which systems of the plan a search shows.
import type { CoveredSystem, SystemState } from "../../api/plan-full";

export const STATES: SystemState[] = ["works", "declared", "missing"];

export interface SystemFilter {
  wanted: string;
  state: SystemState | null;
  group: string | null;
}

export function foundSystems(rows: CoveredSystem[], filter: SystemFilter): CoveredSystem[] {
  const words = filter.wanted.trim().toLowerCase();
  return rows.filter((row) => {
    if (filter.state !== null && row.state !== filter.state) return false;
    if (filter.group !== null && row.group !== filter.group) return false;
    return words === "" || `${row.id} ${row.name.zh} ${row.name.en} ${row.quote} ${row.does.zh} ${row.does.en} ${row.serves.join(" ")}`.toLowerCase().includes(words);
  });
}

/** Where a definition or a place can be looked at; null for what has no page: a command, a definition without one. */
export function pathOf(place: string): string | null {
  return place.startsWith("/") ? place : null;
}
