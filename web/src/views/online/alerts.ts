// Lists of alerts as events change them.
import type { Alert, AlertList, AlertState } from "../../api/online";

export const STATES: AlertState[] = ["open", "acknowledged", "recovered"];

/** `alerts` with `news` in the place of its older form, or before all others when it is new and of a wanted state. */
export function withAlert(alerts: Alert[], news: Alert, wanted: AlertState | null): Alert[] {
  const fits = wanted === null || news.state === wanted;
  const known = alerts.some((alert) => alert.id === news.id);
  if (!known) return fits ? [news, ...alerts] : alerts;
  return alerts.flatMap((alert) => (alert.id !== news.id ? [alert] : fits ? [news] : []));
}

/** The counts after an alert went from `before` (null: it is new) to its present state. */
export function recounted(counts: AlertList["counts"], before: AlertState | null, after: AlertState): AlertList["counts"] {
  const next = { ...counts };
  if (before !== null) next[before] -= 1;
  next[after] += 1;
  return next;
}
