// The dates a rule set is in force, in words: one that has not begun has no "now" to reach.
import { t } from "../../i18n/index.svelte";
import { moment } from "../../text/value";

/** `from – to`; `from – now` while in force without an end; `from` with a word when it begins after today (Beijing). */
export function inForce(from: string, to: string | null): string {
  const today = moment(new Date().toISOString()).slice(0, 10);
  if (to === null && from > today) return t("open.later", { from });
  return `${from} – ${to ?? t("open")}`;
}
