// Lines over years or over time, with an optional path to a target and a limit.
import type { EChartsCoreOption } from "echarts/core";
import { unicode } from "../text/chem";
import { axis, textStyle, tooltip } from "./base";
import type { Ink } from "./ink";

export interface TrendWords {
  path: string;
  value: string;
  limit: string;
  /** Said in the tooltip beside a value of too few data. */
  invalid: string;
}

export interface TrendPoint {
  year: number;
  value: number | null;
  /** The value with all its decimals, as it is printed. */
  text?: string | null;
  /** False for a year with too few data; its mark is hollow. */
  valid?: boolean;
}

/** What is expected of a year, with the ends of its interval when it has one. */
export interface Expected {
  year: number;
  value: number;
  low: number | null;
  high: number | null;
  word: string;
}

/** Path of the plan (dashed, with the target as its last point), the values reached (solid), and what is expected with its interval. */
export function pathOption(path: TrendPoint[], values: TrendPoint[], limit: number | null, unit: string, words: TrendWords, ink: Ink, expected: Expected | null = null): EChartsCoreOption {
  const years = [...new Set([...path, ...values, ...(expected ? [expected] : [])].map((point) => point.year))].sort((a, b) => a - b);
  const at = (points: TrendPoint[]) => years.map((year) => points.find((point) => point.year === year)?.value ?? null);
  const doubtful = years.map((year) => values.some((point) => point.year === year && point.valid === false));
  const printed = (value: unknown, i: number) => values.find((point) => point.year === years[i])?.text ?? String(value);
  const hollow = { color: ink.paper, borderColor: ink.accent, borderWidth: 2, borderType: "dashed" };
  const line = { type: "line", connectNulls: true, symbolSize: 9 };
  const mark = limit === null ? {} : { markLine: limitLine(limit, words.limit, ink) };
  return {
    textStyle: textStyle(ink),
    tooltip: tooltip(ink, { trigger: "axis" }),
    legend: { top: 0, right: 0, textStyle: { color: ink.soft, fontFamily: ink.font } },
    grid: { left: 8, right: 24, top: 38, bottom: 4, containLabel: true },
    xAxis: axis(ink, { type: "category", data: years.map(String), splitLine: { show: false } }),
    yAxis: axis(ink, { type: "value", scale: true, name: unicode(unit), axisLine: { show: false }, ...reach(limit) }),
    series: [
      ...(path.length > 0
        ? [{ ...line, name: words.path, data: at(path).map((value, i, all) => ({ value, label: { show: i === all.length - 1 } })), label: { color: ink.soft, fontFamily: ink.font, fontSize: ink.px(12), position: "top", distance: 8 }, symbol: "circle", lineStyle: { type: "dashed", width: 1.6, color: ink.faint }, itemStyle: { color: ink.paper, borderColor: ink.faint, borderWidth: 2 } }]
        : []),
      {
        ...line,
        name: words.value,
        data: at(values).map((value, i) => (doubtful[i] ? { value, symbol: "circle", itemStyle: hollow } : value)),
        tooltip: { valueFormatter: (value: unknown, i: number) => (value == null ? "—" : `${printed(value, i)}${doubtful[i] ? ` · ${words.invalid}` : ""}`) },
        symbol: "circle",
        lineStyle: { width: 2.4, color: ink.accent },
        itemStyle: { color: ink.accent },
        label: { show: true, formatter: (point: { value: unknown; dataIndex: number }) => (point.value == null ? "" : printed(point.value, point.dataIndex)), color: ink.text, fontFamily: ink.font, fontSize: ink.px(13), fontWeight: 700, position: path.length > 0 ? "bottom" : "top", distance: 7, textBorderColor: ink.paper, textBorderWidth: 3 },
        ...mark,
      },
      ...(expected ? [expectedSeries(expected, years, ink)] : []),
    ],
  };
}

function expectedSeries({ year, value, low, high, word }: Expected, years: number[], ink: Ink): object {
  const at = String(year);
  const interval = low === null || high === null ? {} : { markLine: { silent: true, symbol: ["none", "none"], label: { show: false }, lineStyle: { color: ink.accent, width: 5, opacity: 0.35, type: "solid", cap: "round" }, data: [[{ coord: [at, low] }, { coord: [at, high] }]] } };
  const told = low === null || high === null ? String(value) : `${value} (${low} – ${high})`;
  return { type: "line", name: word, data: years.map((own) => (own === year ? value : null)), symbol: "diamond", symbolSize: 12, lineStyle: { width: 0 }, itemStyle: { color: ink.paper, borderColor: ink.accent, borderWidth: 2 }, tooltip: { valueFormatter: (own: unknown) => (own == null ? "—" : told) }, ...interval };
}

/** Keeps a limit in sight however far the values are from it. */
function reach(limit: number | null): object {
  if (limit === null) return {};
  return { min: (span: { min: number }) => (limit < span.min ? Math.floor(limit * 0.9) : null), max: (span: { max: number }) => (limit > span.max ? Math.ceil(limit * 1.05) : null) };
}

export function limitLine(limit: number, word: string, ink: Ink): object {
  return {
    symbol: "none",
    silent: true,
    data: [{ yAxis: limit }],
    lineStyle: { color: ink.behind, type: "dotted", width: 1.4 },
    label: { formatter: `${word} ${limit}`, position: "insideEndTop", color: ink.behind, fontFamily: ink.font, fontSize: ink.px(12), textBorderColor: ink.paper, textBorderWidth: 3 },
  };
}

export function slider(ink: Ink): object {
  const pale = { lineStyle: { color: ink.faint, width: 0.6 }, areaStyle: { color: ink.sunk } };
  return { type: "slider", height: 20, bottom: 6, borderColor: ink.line, backgroundColor: "transparent", fillerColor: `${ink.accent}22`, dataBackground: pale, selectedDataBackground: { lineStyle: { color: ink.accent, width: 0.6 }, areaStyle: { color: ink.accentSoft } }, handleStyle: { color: ink.paper, borderColor: ink.accent }, moveHandleStyle: { color: ink.faint }, textStyle: { color: ink.soft } };
}

/** A series in time, zoomable, with its limit when the rules give one. */
export function seriesOption(points: [string, number | null][], name: string, unit: string, limit: number | null, word: string, ink: Ink): EChartsCoreOption {
  return {
    textStyle: textStyle(ink),
    tooltip: tooltip(ink, { trigger: "axis" }),
    grid: { left: 8, right: 20, top: 34, bottom: 44, containLabel: true },
    dataZoom: [{ type: "inside" }, slider(ink)],
    xAxis: axis(ink, { type: "category", data: points.map((point) => point[0]), splitLine: { show: false } }),
    yAxis: axis(ink, { type: "value", name: `${unicode(name)}  ${unicode(unit)}`, nameTextStyle: { align: "left", color: ink.soft, fontFamily: ink.font }, axisLine: { show: false } }),
    series: [
      {
        type: "line",
        name: unicode(name),
        data: points.map((point) => point[1]),
        showSymbol: false,
        connectNulls: false,
        lineStyle: { width: 1.6, color: ink.accent },
        itemStyle: { color: ink.accent },
        ...(limit === null ? {} : { markLine: limitLine(limit, word, ink) }),
      },
    ],
  };
}
