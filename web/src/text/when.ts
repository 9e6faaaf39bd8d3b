// Moments of online monitoring in Beijing time (UTC+8), whatever the browser's zone; seconds count here.

const BEIJING_MS = 8 * 3_600_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A moment in milliseconds as `2026-01-31T08:15:20+08:00`, the form the server speaks. */
export function isoOf(at: number): string {
  return `${new Date(at + BEIJING_MS).toISOString().slice(0, 19)}+08:00`;
}

/** `2026-01-31 08:15:20`; the text itself when it is no moment, a dash when there is none. */
export function second(iso: string | null): string {
  if (!iso) return "—";
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : isoOf(at).slice(0, 19).replace("T", " ");
}

/** A moment without what says nothing: a day by its date, others to the minute. */
export function brief(iso: string | null): string {
  const whole = second(iso);
  return whole.replace(/ 00:00:00$/, "").replace(/^(.{16}):00$/, "$1");
}

/** `08:15:20` on the day of `now`, with the date on any other. */
export function clock(iso: string | null, now: string): string {
  const whole = second(iso);
  return whole.slice(0, 10) === second(now).slice(0, 10) ? whole.slice(11) : whole;
}

/** A period's start as its cadence is read: a day by its date, others to the minute or second. */
export function startOf(iso: string, cadence: string): string {
  const whole = second(iso);
  return cadence === "day" ? whole.slice(0, 10) : cadence === "realtime" ? whole : whole.slice(0, 16);
}

/** `2026-01-31T08:15`, as an input of a local time takes it. */
export function inputOf(iso: string): string {
  return second(iso).slice(0, 16).replace(" ", "T");
}

/** What an input of a local time says, as the server takes it; null when it is empty or no moment. */
export function isoOfInput(local: string): string | null {
  const at = Date.parse(`${local.length === 16 ? `${local}:00` : local}+08:00`);
  return Number.isNaN(at) ? null : isoOf(at);
}

/** The date in Beijing at `at` milliseconds. */
export function dayOf(at: number): string {
  return isoOf(at).slice(0, 10);
}
