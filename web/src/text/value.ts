// How values are printed: as the server sent them, never rounded again, and an absent one by its reason.
import type { HistoryPoint, ValueText } from "../api/types";

/** A number with thin groups of thousands, its decimals untouched. */
export function grouped(value: number): string {
  const [whole = "", decimals] = String(value).split(".");
  const parted = whole.replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
  return decimals === undefined ? parted : `${parted}.${decimals}`;
}

/** The decimals that the finest of `values` needs. */
export function decimals(values: (number | null | undefined)[]): number {
  return Math.max(0, ...values.map((value) => (value == null ? 0 : (value.toString().split(".")[1]?.length ?? 0))));
}

/** A value with the decimals of its column, as many as its finest value needs, so that nothing is rounded. */
export function fixed(value: number | null | undefined, places = 0): string {
  return value == null ? "—" : value.toFixed(places);
}

/** The decimals of each item's column over `rows`. */
export function placesOf(items: string[], rows: Record<string, { value: number | null }>[]): Record<string, number> {
  return Object.fromEntries(items.map((item) => [item, decimals(rows.map((row) => row[item]?.value))]));
}

/** A size in bytes as people read it; a kilobyte has 1000 bytes here as in the file manager. */
export function sized(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The text of a value as the plan prints it; empty when there is none. */
export function textOf(value: ValueText | number | string | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : value.text;
}

export function numberOf(value: HistoryPoint["value"] | undefined): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return value;
  if (typeof value === "string") return value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : null;
  return value.number;
}

/** True when the plan's cell says nothing ("", "—", "/"). */
export function silent(value: ValueText): boolean {
  return value.kind === "absent" || ["", "—", "/", "-"].includes(value.text.trim());
}

export function percent(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : "—";
}

const BEIJING_MS = 8 * 3_600_000;

/** An ISO instant in Beijing time (UTC+8), whatever the browser's zone, as `2026-01-31 08:15`. */
export function moment(iso: string | null): string {
  if (!iso) return "—";
  const at = new Date(iso).getTime();
  return Number.isNaN(at) ? iso : new Date(at + BEIJING_MS).toISOString().slice(0, 16).replace("T", " ");
}

/** The instant of `2026-01-31T08:15` read as Beijing time. */
export function instant(beijing: string): string {
  return new Date(`${beijing}+08:00`).toISOString();
}

/** `date` moved by `days`, both `YYYY-MM-DD`. */
export function addDays(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
