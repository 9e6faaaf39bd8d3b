// The day shown first when a value is explained: the one that weighs most on it.
import type { ExplainedDay } from "../../api/types";

/** Date of the used day with the highest value, the first of equals; null when no day has one. */
export function highest(days: Pick<ExplainedDay, "date" | "value" | "used">[]): string | null {
  let found: { date: string; value: number } | null = null;
  for (const day of days) {
    const value = day.value === null || !day.used ? Number.NaN : Number(day.value);
    if (Number.isFinite(value) && (!found || value > found.value)) found = { date: day.date, value };
  }
  return found?.date ?? null;
}
