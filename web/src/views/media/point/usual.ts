// What a point's page shows when the address does not say: the item that decides, the newest month with a result.
import type { PointCell, PointPage } from "../../../api/media";

/** `wanted` when the page has it; else the worst main pollutant, else the item of the worst class, else one with a value, else the first. */
export function usualItem(page: PointPage, wanted: string | null): string | null {
  if (page.items.some((item) => item.code === wanted)) return wanted;
  const main = page.point.main[0]?.item ?? page.years.find((row) => row.main.length > 0)?.main[0]?.item;
  return main ?? worstCell(page)?.item ?? page.items[0]?.code ?? null;
}

/** The first cell of the worst class; cells without a class come last. */
function worstCell({ classes, point }: PointPage): PointCell | undefined {
  const rank = (cell: PointCell) => classes.findIndex((row) => row.class === cell.class);
  return [...point.cells].sort((a, b) => rank(b) - rank(a))[0];
}

/** `wanted` as `YYYY-MM` when it is one; else the newest month of the year, then of all, that has a class. */
export function usualMonth(page: PointPage, wanted: string | null): string | null {
  if (wanted !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(wanted)) return wanted;
  const judged = page.months.filter((row) => row.class !== null);
  return judged.findLast((row) => row.month.startsWith(`${page.year}-`))?.month ?? judged.at(-1)?.month ?? page.months.at(-1)?.month ?? null;
}

/** Months by year, newest year first, each year with its twelve places. */
export function byYear<T extends { month: string }>(months: T[]): { year: number; months: (T | null)[] }[] {
  const years = [...new Set(months.map((row) => Number(row.month.slice(0, 4))))].sort((a, b) => b - a);
  const of = new Map(months.map((row) => [row.month, row]));
  return years.map((year) => ({ year, months: Array.from({ length: 12 }, (_, at) => of.get(`${year}-${String(at + 1).padStart(2, "0")}`) ?? null) }));
}
