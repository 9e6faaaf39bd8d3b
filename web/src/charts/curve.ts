// Curves of online values: one pane a parameter over one common time, with limit lines, flags and tests as signs, marks as bands.
import type { EChartsCoreOption } from "echarts/core";
import type { CurvePoint, CurveSeries, DataFlag, Mark } from "../api/online";
import { unicode } from "../text/chem";
import { basisOf, flagBands, lineOf, nearest, reachOf } from "../views/online/outlet/curve";
import { axis, safe, textStyle, tooltip } from "./base";
import type { Ink } from "./ink";

export interface CurveWords {
  measured: string;
  converted: string;
  own: string;
  limit: string;
  over: string;
  marked: string;
  flag: (flag: DataFlag) => string;
  test: (id: string) => string;
  text: (text: { zh: string; en: string }) => string;
  moment: (time: number) => string;
}

export interface Pane {
  title: string;
  series: CurveSeries;
}

const PANE = 132;
const HEAD = 34;
const FOOT = 64;

export function curveHeight(panes: number, ink: { px: (n: number) => number }): number {
  return ink.px(panes * (PANE + HEAD) + FOOT);
}

/** What is spoken of, shaded with its words. */
export interface Focus {
  from: number;
  to: number;
  words: string;
}

/** Panes from above; `from` … `to` in milliseconds is what the time axes show. */
export function curveOption(panes: Pane[], marks: Mark[], from: number, to: number, words: CurveWords, ink: Ink, focus: Focus | null = null): EChartsCoreOption {
  const px = ink.px;
  const last = panes.length - 1;
  return {
    textStyle: textStyle(ink),
    grid: panes.map((_, at) => ({ left: px(52), right: px(16), top: px(at * (PANE + HEAD) + HEAD), height: px(PANE) })),
    title: panes.map((pane, at) => ({ text: `${unicode(pane.title)}  {u|${unicode(pane.series.unit)}}`, left: 0, top: px(at * (PANE + HEAD) + 8), padding: 0, textStyle: { color: ink.text, fontFamily: ink.font, fontSize: px(13), rich: { u: { color: ink.soft, fontWeight: 400, fontSize: px(12) } } } })),
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: ink.faint } },
    tooltip: tooltip(ink, { trigger: "axis", transitionDuration: 0, formatter: (hit: unknown) => told(panes, momentOf(hit), words) }),
    dataZoom: [
      { type: "inside", xAxisIndex: panes.map((_, at) => at), filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false },
      { type: "slider", xAxisIndex: panes.map((_, at) => at), filterMode: "none", height: px(18), bottom: px(6), borderColor: ink.line, fillerColor: `${ink.accent}22`, showDataShadow: false, handleStyle: { color: ink.paper, borderColor: ink.accent }, moveHandleStyle: { color: ink.faint }, textStyle: { color: ink.soft }, labelFormatter: (time: number) => words.moment(time) },
    ],
    xAxis: panes.map((_, at) => axis(ink, { type: "time", gridIndex: at, min: from, max: to, splitLine: { show: false }, axisLabel: { show: at === last, color: ink.soft, fontFamily: ink.font, fontSize: px(11), hideOverlap: true, formatter: (time: number) => label(time, to - from) } })),
    yAxis: panes.map((pane, at) => axis(ink, { type: "value", gridIndex: at, ...scaleOf(pane.series), splitNumber: 3, axisLine: { show: false }, axisLabel: { color: ink.soft, fontFamily: ink.font, fontSize: ink.px(12), hideOverlap: true, showMinLabel: false, showMaxLabel: false } })),
    series: panes.flatMap((pane, at) => paneSeries(pane, marks, at, { from, to, focus }, words, ink)),
  };
}

function shownOf(series: CurveSeries): (point: CurvePoint) => string | null {
  return basisOf(series) === "converted" ? (point) => point.converted ?? point.value : (point) => point.value;
}

function scaleOf(series: CurveSeries): object {
  const reach = reachOf(series, shownOf(series));
  return reach === null ? { scale: true } : { min: reach.low, max: reach.high };
}

/** Axis words in Beijing time, whatever the browser's zone. */
function label(time: number, span: number): string {
  const whole = new Date(time + 8 * 3_600_000).toISOString();
  const midnight = whole.slice(11, 16) === "00:00";
  return span > 40 * 86_400_000 ? whole.slice(0, 10) : midnight || span > 4 * 86_400_000 ? whole.slice(5, 10) : whole.slice(11, span < 1_800_000 ? 19 : 16);
}

interface Window {
  from: number;
  to: number;
  focus: Focus | null;
}

function paneSeries(pane: Pane, marks: Mark[], at: number, window: Window, words: CurveWords, ink: Ink): object[] {
  const { from, to } = window;
  const { points, limits } = pane.series;
  const converted = basisOf(pane.series) === "converted";
  const base = { type: "line", xAxisIndex: at, yAxisIndex: at, showSymbol: false, sampling: "minmax", animation: false };
  const main = lineOf(points, (point) => (converted ? point.converted : point.value));
  // A single value has no line; it needs its sign.
  const few = points.length < 40;
  const lines: object[] = [{ ...base, name: converted ? words.converted : words.measured, data: main, showSymbol: few, symbolSize: 5, lineStyle: { width: 1.6, color: ink.accent }, itemStyle: { color: ink.accent }, z: 3, markArea: bands(pane.series, marks, window, words, ink) }];
  if (points.some((point) => point.converted !== null && point.value !== null)) lines.push({ ...base, name: converted ? words.measured : words.converted, data: lineOf(points, (point) => (converted ? point.value : point.converted)), lineStyle: { width: 1, color: ink.faint }, itemStyle: { color: ink.faint }, z: 2 });
  if (points.some((point) => point.own !== null)) lines.push({ ...base, name: words.own, data: lineOf(points, (point) => (converted ? point.own_converted : point.own)), lineStyle: { width: 1.6, type: "dashed", color: ink.text }, itemStyle: { color: ink.text }, z: 2 });
  for (const segment of limits) {
    const ends = [Math.max(from, Date.parse(segment.from)), Math.min(to, Date.parse(segment.to))];
    for (const bound of [segment.high, segment.low]) {
      if (bound === null || segment.basis === "mass") continue;
      lines.push({ ...base, sampling: undefined, name: words.limit, silent: true, data: ends.map((time) => [time, Number(bound)]), lineStyle: { width: 1.4, type: "dotted", color: ink.behind }, itemStyle: { color: ink.behind }, endLabel: { show: true, formatter: `${words.limit} ${bound}`, color: ink.behind, fontFamily: ink.font, fontSize: ink.px(11), align: "right", verticalAlign: "bottom", offset: [-ink.px(6), -ink.px(3)], textBorderColor: ink.paper, textBorderWidth: 3 } });
    }
  }
  return [...lines, ...signs(pane.series, at, ink)];
}

/** More signs than these would hide the line; they then stand as strokes at the pane's foot. */
const MANY_SIGNS = 120;

/** ▲ above a limit, ◆ a test failed, ◇ a test is in doubt, ↑ ↓ a value outside the scale. */
function signs(series: CurveSeries, at: number, ink: Ink): object[] {
  const of = shownOf(series);
  const reach = reachOf(series, of);
  if (reach === null) return [];
  const base = { type: "scatter", xAxisIndex: at, yAxisIndex: at, animation: false, silent: true };
  const tests = series.points.filter((point) => !point.over && (point.qc_flag === 3 || point.qc_flag === 4));
  const dense = tests.length > MANY_SIGNS;
  const data = series.points.flatMap((point): object[] => {
    const text = of(point);
    if (text === null) return [];
    const time = Date.parse(point.time);
    const value = Number(text);
    if (value > reach.high) return [{ value: [time, reach.high], symbol: "arrow", symbolSize: ink.px(9), symbolOffset: [0, ink.px(4)], itemStyle: { color: point.over ? ink.behind : ink.soft } }];
    if (value < reach.low) return [{ value: [time, reach.low], symbol: "arrow", symbolRotate: 180, symbolSize: ink.px(9), symbolOffset: [0, -ink.px(4)], itemStyle: { color: point.over ? ink.behind : ink.soft } }];
    if (point.over) return [{ value: [time, value], symbol: "triangle", symbolSize: ink.px(8), itemStyle: { color: ink.behind } }];
    if (dense || (point.qc_flag !== 3 && point.qc_flag !== 4)) return [];
    return [{ value: [time, value], symbol: "diamond", symbolSize: ink.px(10), itemStyle: point.qc_flag === 4 ? { color: ink.behind } : { color: ink.paper, borderColor: ink.text, borderWidth: 1.6 } }];
  });
  const strokes = dense ? tests.map((point) => ({ value: [Date.parse(point.time), reach.low], symbol: "rect", symbolSize: [ink.px(1.6), ink.px(point.qc_flag === 4 ? 9 : 5)], symbolOffset: [0, -ink.px(point.qc_flag === 4 ? 5 : 3)], itemStyle: { color: point.qc_flag === 4 ? ink.behind : ink.faint } })) : [];
  return [{ ...base, data, z: 5 }, { ...base, data: strokes, z: 4 }];
}

function bands(series: CurveSeries, marks: Mark[], { from, to, focus }: Window, words: CurveWords, ink: Ink): object {
  const least = (to - from) / 200;
  const flags = flagBands(series.points).map((band) => area(band.from, Math.max(band.to, band.from + least / 2), { color: ink.faint, opacity: 0.16 }, { show: true, position: "insideBottom", formatter: band.what, color: ink.soft, fontFamily: ink.font, fontSize: ink.px(11), fontWeight: 700 }));
  const mine = marks.filter((mark) => mark.withdrawn === null && (mark.mn === null || mark.mn === series.mn) && (mark.codes.length === 0 || mark.codes.includes(series.code)));
  const set = mine.map((mark) => area(Math.max(from, Date.parse(mark.from)), Math.min(to, mark.to === null ? to : Date.parse(mark.to)), { color: ink.accent, opacity: 0.13, borderColor: ink.accent, borderWidth: 1, borderType: "dashed" }, { show: true, position: side(Date.parse(mark.from), from, to), offset: [0, -ink.px(12)], formatter: words.text(mark.title), color: ink.accent, fontFamily: ink.font, fontSize: ink.px(11), textBorderColor: ink.paper, textBorderWidth: 3 }));
  const spoken = focus === null ? [] : [area(focus.from - least, focus.to + least, { color: ink.behind, opacity: 0.16 }, { show: true, position: "insideTop", formatter: focus.words, color: ink.behind, fontFamily: ink.font, fontSize: ink.px(11), fontWeight: 700 })];
  return { silent: true, data: [...spoken, ...flags, ...set.filter((pair) => (pair[0]?.xAxis ?? 0) < (pair[1]?.xAxis ?? 0))] };
}

/** Words of a band near the right edge grow to the left, so that none is cut. They stand low: the limit's words are above. */
function side(at: number, from: number, to: number): string {
  return at > from + 0.7 * (to - from) ? "insideBottomRight" : "insideBottomLeft";
}

function area(from: number, to: number, itemStyle: object, name: object): [{ xAxis: number; itemStyle: object; label: object }, { xAxis: number }] {
  return [{ xAxis: from, itemStyle, label: name }, { xAxis: to }];
}

function momentOf(hit: unknown): number {
  const first = (Array.isArray(hit) ? hit[0] : hit) as { axisValue?: number } | undefined;
  return first?.axisValue ?? 0;
}

/** What stands at `time` in every pane, as the tooltip says it. */
function told(panes: Pane[], time: number, words: CurveWords): string {
  const rows = panes.flatMap((pane) => {
    const point = nearest(pane.series.points, time);
    return point && Math.abs(Date.parse(point.time) - time) < 1000 ? [rowOf(pane, point, words)] : [];
  });
  return [`<b>${safe(words.moment(time))}</b>`, ...rows].join("<br>");
}

function rowOf(pane: Pane, point: CurvePoint, words: CurveWords): string {
  const said = [`${unicode(pane.title)} <b>${safe(point.value ?? "—")}</b> ${safe(unicode(pane.series.unit))}`];
  if (point.converted !== null) said.push(`${words.converted} <b>${safe(point.converted)}</b>`);
  if (point.own !== null) said.push(`${words.own} ${safe(point.own_converted ?? point.own)}`);
  if (point.min !== null && point.max !== null) said.push(`${safe(point.min)}–${safe(point.max)}`);
  if (point.flag !== null && point.flag !== "N") said.push(`${point.flag} ${words.flag(point.flag)}`);
  if (point.over) said.push(`▲ ${words.over}`);
  if (point.marked) said.push(words.marked);
  const tests = point.qc.map((one) => `<br>&nbsp;&nbsp;${one.flag === 4 ? "◆" : "◇"} ${safe(words.test(one.test))}: ${safe(words.text(one.words))}`);
  return said.join(" · ") + tests.join("");
}
