// The shapes of the answers under /api/media and /api/rivers: monitoring points of a medium, their classes, months and sources.
//
// Everywhere: a measured or computed number is a string with the decimals it is printed with, null when there is none; counts
// and rows are JSON numbers. A month is `YYYY-MM`; a class is the id of a class of the page's standard (`Ⅲ`, `劣Ⅴ`, `达标`),
// null when nothing could be judged, and `why` then says why. Colours are `#rrggbb`, the customary ones of the standard, null where it has none.
// `simulated` is true when any of the data is. A refusal is `{ code, message }`; an unknown medium, point or item is 404.
// Every address takes `as_of` (a moment) where it reads data: the answer as it stood then.
import { address } from "./client";
import type { Confidence, Text } from "./types";

/** Ids of media: `surface-water`, `drinking-water`, `groundwater`, `black-odorous`, `flow`, `soil`, `noise`, `outfall`. Others may come. */
export type MediumId = string;

// ---- GET /api/media?area= : Medium[], every medium that the area has points of, in the order of tabs --------------------------

export interface Medium {
  medium: MediumId;
  name: Text;
  /** Points in the register in its newest year. */
  points: number;
  /** First and last month with data; null when points are registered and nothing was measured. */
  from: string | null;
  to: string | null;
  /** Years with data or with registered points, newest first. */
  years: number[];
  /** The weakest of the standards in use. */
  confidence: Confidence;
  simulated: boolean;
}

// ---- GET /api/media/{medium}?area=&year=&month=1…12 : MediumPage --------------------------------------------------------------

/** Without `month` the page is of the year so far: points are judged by their means of the year's months. */
export interface MediumPage {
  medium: MediumId;
  name: Text;
  area: string;
  year: number;
  /** `YYYY-MM`, null for the year. */
  month: string | null;
  /** Months of the year that have data. */
  months: string[];
  /** Standards and rules in use, the one that gives the classes first. */
  rules: MediumRule[];
  /** Classes from best to worst, as the legend shows them. */
  classes: MediumClass[];
  /** Columns of the table, in the standard's order; only items that any point has data of. */
  items: MediumItem[];
  /** Every point registered in that time, with or without data, worst class last, points without a class at the very end. */
  points: PointRow[];
  /** Points by class in `year` / `month`; a class without points has count 0. */
  shares: ClassShare[];
  /** Points that could not be judged, which `shares` leaves out. */
  unjudged: number;
  /** Rivers, lakes and basins evaluated by the rule for sets of sections; empty where there is no such rule. */
  bodies: WaterBody[];
  /** In a sentence: against the same time a year before, by the rule of significance; null when it cannot be said. */
  change: Text | null;
  /** January to December, only months with points judged. */
  monthly: MonthShares[];
  /** What a reader must know: contradictions, what was left out, what is unconfirmed. */
  notes: Text[];
  simulated: boolean;
}

export interface MediumRule {
  /** Id of the standard in the catalog. */
  standard: string;
  /** `GB 3838-2002`. */
  number: string;
  title: Text;
  clause: string;
  confidence: Confidence;
  /** What is not confirmed of it, or is chosen where the text leaves a choice; null when nothing is to be said. */
  note: Text | null;
}

export interface MediumClass {
  class: string;
  /** 优, 良好 … */
  name: Text;
  color: string | null;
  /** Whether the class counts as good (达到或好于Ⅲ类, 合格). */
  met: boolean;
}

export interface MediumItem {
  code: string;
  name: Text;
  /** Formula or short name (NH3-N, TP); null when there is none. */
  symbol: string | null;
  unit: string;
  /** The limit exceedances are counted against, when one holds for all points: `0.2`, `6–9`, `≥5`; null where it depends on the point. */
  limit: string | null;
}

export interface PointRow {
  code: string;
  name: Text;
  /** What the standard asks to know: `river`, `lake`, a noise zone, a land use …, in words. */
  kind: Text;
  /** River, lake, road; empty when none is registered. */
  water_body: string;
  basin: string;
  /** 国控, 省控 …; empty when none is registered. */
  level: string;
  /** Class or figure it must reach; null when none is set. */
  target: string | null;
  /** WGS84 or CGCS2000; null when unknown. */
  lon: number | null;
  lat: number | null;
  class: string | null;
  color: string | null;
  /** Whether its target is met, or the class is good where it has no target; null when nothing was judged. */
  met: boolean | null;
  /** Main pollutants, worst first. */
  main: MainItem[];
  cells: PointCell[];
  /** Months with data, of the months so far (12 for a year gone by, 1 for a month). */
  months: number;
  months_of: number;
  /** Why there is no class, or what of the class a reader must know. */
  why: Text | null;
  /** From the register, or of a change during the year (river to lake). */
  note: Text | null;
  /** Weakest of the numbers it was judged by. */
  confidence: Confidence;
  simulated: boolean;
}

export interface MainItem {
  item: string;
  value: string;
  /** Times above the limit (1.3 = 1.3 × over it); null where the rule gives none (pH, DO). */
  multiple: string | null;
}

/** One item of one point. Items without a value have no cell. */
export interface PointCell {
  item: string;
  value: string | null;
  /** Class of this item alone; null for items that have none. */
  class: string | null;
  color: string | null;
  /** The limit it is held against, as `MediumItem.limit`. */
  limit: string | null;
  over: boolean;
  /** Times above the limit; null when it is not over or the rule gives none. */
  exceed: string | null;
  source: "automatic" | "manual" | "both" | null;
  /** Values (days of automatic data, samples, months) it was made of, and how many there should be. */
  n: number;
  of: number;
  /** The value stayed below detection; `value` is the detection limit, printed as `<0.01`. */
  below: boolean;
}

export interface ClassShare {
  class: string;
  color: string | null;
  count: number;
  /** Of the judged points. */
  percent: string | null;
}

export interface MonthShares {
  month: string;
  shares: ClassShare[];
  /** Points judged in that month. */
  judged: number;
  /** Share of good ones. */
  good_percent: string | null;
}

export interface WaterBody {
  name: Text;
  kind: "river" | "lake" | "basin" | "area";
  /** 优, 良好, 轻度污染 … */
  grade: Text | null;
  color: string | null;
  sections: number;
  judged: number;
  good_percent: string | null;
  /** Share of the worst class. */
  bad_percent: string | null;
  /** Main pollutants with the share of sections over. */
  main: { item: string; percent: string | null }[];
  /** TLI(Σ) and the state it means, of lakes. */
  tli: { value: string; state: Text } | null;
  /** By which rule (under five sections, by mean …), or why there is no grade. */
  why: Text | null;
}

// ---- GET /api/media/{medium}/points/{code}?year= : PointPage ------------------------------------------------------------------

export interface PointPage {
  medium: MediumId;
  name: Text;
  area: string;
  year: number;
  rules: MediumRule[];
  classes: MediumClass[];
  items: MediumItem[];
  /** The point in the year, as its row of the medium's page. */
  point: PointRow;
  /** Months from the first with data (at most ten years back) to the last, in time. */
  months: PointMonth[];
  years: PointYear[];
  notes: Text[];
  simulated: boolean;
}

export interface PointMonth {
  month: string;
  class: string | null;
  color: string | null;
  met: boolean | null;
  /** The point's own word of the month, such as 断流; empty when there is none. */
  state: string;
  why: Text | null;
  main: MainItem[];
  /** Only for the months of the year asked for; else empty. */
  cells: PointCell[];
  simulated: boolean;
}

export interface PointYear {
  year: number;
  class: string | null;
  color: string | null;
  met: boolean | null;
  main: MainItem[];
  months: number;
}

// ---- GET /api/media/{medium}/points/{code}/series?item=&from=YYYY-MM&to=YYYY-MM&tests=a,b : PointSeries -----------------------

/** Without `tests`, the tests customary for the item: Mann–Kendall, seasonal Kendall, Spearman of yearly means, change point. */
export interface PointSeries {
  item: string;
  name: Text;
  unit: string;
  /** The limit in force at the end, for the line of the chart; null when there is none or it is a range. */
  limit: string | null;
  /** In words, ranges included: `Ⅲ类 ≤0.2 mg/L`. */
  limit_text: Text | null;
  /** Every month of the span once, gaps with a null value. */
  points: SeriesMonth[];
  trends: TrendResult[];
  yoy: YearOnYear | null;
  simulated: boolean;
}

export interface SeriesMonth {
  month: string;
  /** Below detection it is what is counted of it: half the detection limit. */
  value: string | null;
  below: boolean;
  source: "automatic" | "manual" | "both" | null;
  n: number;
  of: number;
}

export interface TrendResult {
  /** `mann-kendall`, `seasonal-kendall`, `spearman`, `pettitt` … */
  test: string;
  name: Text;
  /** What the test takes for granted, in a sentence. */
  assumes: Text;
  /** The result in a sentence, or why there is none. */
  result: Text;
  /** `up`, `down`, `none`; null when the test could not be made. */
  direction: "up" | "down" | "none" | null;
  slope: string | null;
  /** `mg/L·a`. */
  slope_unit: string | null;
  low: string | null;
  high: string | null;
  p: string | null;
  n: number;
  missing: number;
  significant: boolean | null;
  /** Month of a change point; null for the other tests. */
  at: string | null;
}

/** The newest months of the series against the same months of the year before; only months that both have. */
export interface YearOnYear {
  from: string;
  to: string;
  months: number;
  before: string;
  after: string;
  change_percent: string | null;
  result: Text;
}

// ---- GET /api/media/{medium}/points/{code}/sources?item=&month=YYYY-MM : PointSources -----------------------------------------

export interface PointSources {
  item: string;
  name: Text;
  unit: string;
  month: string;
  /** The month's value that they make, and how: mean of …, automatic preferred to manual because …. */
  value: string | null;
  how: Text;
  /** In time; a corrected observation appears once a revision, the newest first. */
  rows: SourceRow[];
  simulated: boolean;
}

export interface SourceRow {
  /** As given: an instant, or the start of an hour or a day. */
  time: string;
  value: string | null;
  below: boolean;
  flag: string;
  method: "automatic" | "manual";
  import: string;
  file: string;
  row: number | null;
  revision: number;
  recorded: string;
  /** Whether it is in the month's value; `why` says why not. */
  used: boolean;
  why: Text | null;
}

// ---- GET /api/rivers : lines of rivers and lakes, GeoJSON with `properties: { name, kind: "river" }`; the map also takes GET /api/areas/{id}/map.

/** Public-domain lines for drawing; `attribution` is printed under the map. */
export interface RiverLines {
  type: "FeatureCollection";
  features: { type: "Feature"; properties: { name: string; kind: string }; geometry: { type: string; coordinates: unknown } }[];
  attribution: Text | null;
}

// ---- Addresses -----------------------------------------------------------------------------------------------------------------

export interface Looked {
  area: string | null;
  year: number;
  as_of: string | null;
}

const point = (medium: MediumId, code: string) => `media/${encodeURIComponent(medium)}/points/${encodeURIComponent(code)}`;

export const mediaAt = {
  list: (area: string | null, as_of: string | null) => address("media", { area, as_of }),
  /** `month` is `YYYY-MM` or null. */
  page: (medium: MediumId, { area, year, as_of }: Looked, month: string | null) =>
    address(`media/${encodeURIComponent(medium)}`, { area, year, month: month === null ? null : Number(month.slice(5)), as_of }),
  point: (medium: MediumId, code: string, year: number, as_of: string | null) => address(point(medium, code), { year, as_of }),
  series: (medium: MediumId, code: string, item: string, span: { from: string | null; to: string | null }, as_of: string | null) =>
    address(`${point(medium, code)}/series`, { item, ...span, as_of }),
  sources: (medium: MediumId, code: string, item: string, month: string, as_of: string | null) => address(`${point(medium, code)}/sources`, { item, month, as_of }),
  rivers: () => address("rivers"),
};
