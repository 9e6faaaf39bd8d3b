// A curve without the chart: which spans are offered, what push adds to it, where the gaps and the bands are, which point is meant.
import type { Cadence, Curve, CurvePoint, CurveSeries, DataFlag, LimitBasis, OutletLimit, ValuesOf, WallValue } from "../../../api/online";
import { DAY_MS, HOUR_MS, isoOf } from "../../../text/when";

export const CADENCES: Cadence[] = ["realtime", "minute", "hour", "day"];

/** Hours that can be looked at at once, the usual one first. */
export const SPANS: Record<Cadence, number[]> = { realtime: [1, 6, 24], minute: [24, 6, 168], hour: [168, 24, 744], day: [744, 8784] };

/** What a value's period adds to its start, so that the newest one lies inside the span asked for. */
const STEP_MS: Record<Cadence, number> = { realtime: 1000, minute: 30 * 60_000, hour: HOUR_MS, day: DAY_MS };

/** The span that ends just after `last` and is `hours` long, or begins at `first` where that is later. */
export function spanBefore(last: string, hours: number, cadence: Cadence, first: string | null = null): { from: string; to: string } {
  const end = Date.parse(last) + STEP_MS[cadence];
  const begin = end - hours * HOUR_MS;
  return { from: isoOf(first === null ? begin : Math.max(begin, Date.parse(first))), to: isoOf(end) };
}

/** The codes first shown: those with a limit for the cadence, else those with any limit, else all; at most `most`. */
export function usualCodes(codes: string[], limits: OutletLimit[], cadence: Cadence, most: number): string[] {
  const of = (fits: (limit: OutletLimit) => boolean) => codes.filter((code) => limits.some((limit) => limit.code === code && fits(limit)));
  const exact = of((limit) => limit.statistic === cadence && limit.basis !== "mass");
  const any = exact.length > 0 ? exact : of((limit) => limit.basis !== "mass");
  return (any.length > 0 ? any : codes).slice(0, most);
}

function pointOf(value: WallValue, news: ValuesOf): CurvePoint {
  return { time: value.time, value: value.value, converted: value.converted, min: null, max: null, own: null, own_converted: null, flag: value.flag, qc_flag: value.qc, qc: [], review: null, marked: false, over: value.over, frame: value.frame ?? news.frame };
}

/** The curve with what push brought since; only values newer than the last one, a back-fill waits for the next asking. */
export function appended(curve: Curve, news: ValuesOf[]): Curve {
  const wanted = news.filter((one) => one.cadence === curve.cadence);
  if (wanted.length === 0) return curve;
  const series = curve.series.map((one): CurveSeries => {
    const points = [...one.points];
    for (const message of wanted) {
      if (message.mn !== one.mn) continue;
      const value = message.values.find((each) => each.code === one.code);
      const last = points.at(-1);
      if (value && (!last || Date.parse(value.time) > Date.parse(last.time))) points.push(pointOf(value, message));
    }
    return points.length === one.points.length ? one : { ...one, points };
  });
  return { ...curve, series };
}

/** The moment of the newest point; null for an empty curve. */
export function newest(curve: Curve): number | null {
  const ends = curve.series.flatMap((one) => (one.points.length > 0 ? [Date.parse(one.points.at(-1)?.time ?? "")] : []));
  return ends.length > 0 ? Math.max(...ends) : null;
}

/** Which of a series' two values its limit is for; converted only where there is one. */
export function basisOf(series: CurveSeries): LimitBasis {
  const converted = series.limits.some((limit) => limit.basis === "converted") && series.points.some((point) => point.converted !== null || point.own_converted !== null);
  return converted ? "converted" : "measured";
}

export type XY = [number, number | null];

/** `of` each point as numbers for a chart, broken where more than two values in a row are missing. */
export function lineOf(points: CurvePoint[], of: (point: CurvePoint) => string | null): XY[] {
  const times = points.map((point) => Date.parse(point.time));
  const steps = times.slice(1).map((time, at) => time - (times[at] ?? time)).sort((a, b) => a - b);
  const usual = steps[Math.floor(steps.length / 2)] ?? 0;
  const found: XY[] = [];
  points.forEach((point, at) => {
    const time = times[at] ?? 0;
    const before = times[at - 1];
    if (before !== undefined && usual > 0 && time - before > 2.5 * usual) found.push([before + usual, null]);
    const text = of(point);
    found.push([time, text === null ? null : Number(text)]);
  });
  return found;
}

export interface Band<T> {
  from: number;
  to: number;
  what: T;
}

/** Runs of one flag other than N, from the first of its values to the next value after it. */
export function flagBands(points: CurvePoint[]): Band<DataFlag>[] {
  const bands: Band<DataFlag>[] = [];
  let open: Band<DataFlag> | null = null;
  for (const point of points) {
    const time = Date.parse(point.time);
    if (open) open.to = time;
    if (open && open.what === point.flag) continue;
    if (open) bands.push(open);
    open = point.flag !== null && point.flag !== "N" ? { from: time, to: time, what: point.flag } : null;
  }
  if (open) bands.push(open);
  return bands;
}

/** The point nearest to `time`; null when there is none. Points are by time. */
export function nearest(points: CurvePoint[], time: number): CurvePoint | null {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Date.parse(points[middle]?.time ?? "") < time) low = middle + 1;
    else high = middle;
  }
  const after = points[low];
  const before = points[low - 1];
  if (!after || !before) return after ?? null;
  return time - Date.parse(before.time) <= Date.parse(after.time) - time ? before : after;
}

/** Something about the value should be looked at: a flag, a test, the limit, a mark. */
export function notable(point: CurvePoint): boolean {
  return point.over || point.marked || point.review !== null || point.qc.length > 0 || (point.qc_flag ?? 1) > 2 || (point.flag !== null && point.flag !== "N");
}

/** A lone value so many times as far from the middle as nearly all others are is left outside the scale. */
const FAR = 10;
/** So many of them are lone: a share of all, two at least. An hour's accident among minutes is not. */
const LONE = 0.005;

/**
 * The values a pane's scale reaches, limits included; null when nothing is drawn. What the instrument flagged does not count
 * (a calibration gas may be a hundred times the emission), nor does a single value far from all others.
 */
export function reachOf(series: CurveSeries, of: (point: CurvePoint) => string | null): { low: number; high: number } | null {
  const normal = series.points.filter((point) => point.flag === null || point.flag === "N");
  const numbers = (normal.length > 0 ? normal : series.points).flatMap((point) => {
    const text = of(point);
    return text === null ? [] : [Number(text)];
  });
  const sorted = numbers.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  if (sorted.length === 0) return null;
  const middle = at(0.5);
  const usual = Math.max(at(0.95) - middle, middle - at(0.05));
  const within = sorted.filter((value) => Math.abs(value - middle) <= FAR * usual);
  const near = usual > 0 && sorted.length - within.length <= Math.max(2, LONE * sorted.length) ? within : sorted;
  const bounds = series.limits.flatMap((limit) => (limit.basis === "mass" ? [] : [limit.low, limit.high].flatMap((bound) => (bound === null ? [] : [Number(bound)]))));
  const low = Math.min(near[0] ?? middle, ...bounds);
  const high = Math.max(near.at(-1) ?? middle, ...bounds);
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return { low: low >= 0 ? Math.max(0, low - room) : low - room, high: high + room };
}
