// The rows of a medium's page as its table, its cards and its map show them.
import type { MediumItem, PointCell, PointRow, WaterBody } from "../../api/media";
import type { Text } from "../../api/types";

export interface PointFilter {
  /** Words that name, river, basin, level or code must contain. */
  wanted: string;
  /** A class; `none` for points without one; null for all. */
  class: string | null;
  /** Only points that do not meet their target. */
  failed: boolean;
}

export function filtered(points: PointRow[], filter: PointFilter, say: (row: PointRow) => string): PointRow[] {
  const words = filter.wanted.trim().toLowerCase();
  return points.filter((row) => {
    if (filter.class !== null && (row.class ?? "none") !== filter.class) return false;
    if (filter.failed && row.met !== false) return false;
    return words === "" || `${say(row)} ${row.code} ${row.water_body} ${row.basin} ${row.level}`.toLowerCase().includes(words);
  });
}

/** The point's cell of an item. */
export function cellOf(row: { cells: PointCell[] }, item: string): PointCell | null {
  return row.cells.find((cell) => cell.item === item) ?? null;
}

/** Items in the order of how often they are over their limit, then as the standard has them: what decides is seen first. */
export function byWeight(items: MediumItem[], points: PointRow[]): MediumItem[] {
  const over = new Map(items.map((item) => [item.code, points.filter((row) => cellOf(row, item.code)?.over).length]));
  return [...items].sort((a, b) => (over.get(b.code) ?? 0) - (over.get(a.code) ?? 0));
}

/** Columns that a table shows at first, and from how many on it leaves the others for later. */
const FIRST = 24;
const MANY = 30;

/** The columns of the table: all of a short list in the standard's order; of a long one those that decide, until all are asked for. */
export function columnsOf(items: MediumItem[], points: PointRow[], whole: boolean): MediumItem[] {
  return whole || items.length <= MANY ? items : byWeight(items, points).slice(0, FIRST);
}

/** The figure of a limit: `≤0.2`, `≥5`; null for a range or none. */
function edgeOf(limit: string | null): number | null {
  const number = limit === null ? Number.NaN : Number(limit.replace(/^[≤≥<>]\s*/, ""));
  return Number.isFinite(number) ? number : null;
}

/** Half the last place of an exceedance that is printed with one decimal, and a little for the value's own rounding. */
const NEAR = 0.06;

/** What the figure of an exceedance is: so many times above the limit, or so much more than it (levels of sound); null when the figures do not tell. */
export function exceedanceIs(cell: PointCell, limit: string | null): "times" | "more" | null {
  const edge = edgeOf(cell.limit ?? limit);
  if (cell.value === null || cell.exceed === null || edge === null || edge === 0) return null;
  const [value, by] = [Number(cell.value), Number(cell.exceed)];
  if (Math.abs(value / edge - 1 - by) < NEAR * Math.max(1, by)) return "times";
  return Math.abs(value - edge - by) < NEAR ? "more" : null;
}

/** What an item is called where space is short. */
export function headOf(item: MediumItem, say: (text: Text) => string): string {
  return item.symbol ?? say(item.name);
}

/** The same by the item's code; the code itself when the page does not list it. */
export function nameOf(items: MediumItem[], code: string, say: (text: Text) => string): string {
  const item = items.find((own) => own.code === code);
  return item ? headOf(item, say) : code;
}

/** Why there is no class, or what of it a reader must know; `none` for a point without a class of which nothing is said. */
export function reasonOf(row: PointRow, say: (text: Text) => string, none: string): string {
  const said = row.why ? say(row.why) : "";
  return said !== "" || row.class !== null ? said : none;
}

/** The colour of a river's grade by its name. */
export function riverColors(bodies: WaterBody[]): Record<string, string> {
  return Object.fromEntries(bodies.flatMap((body) => (body.color && body.kind === "river" ? [[body.name.zh, body.color]] : [])));
}

/** Points without a figure on the map from this number on. */
const CROWD = 60;

export function crowded(points: PointRow[]): boolean {
  return points.length > CROWD;
}
