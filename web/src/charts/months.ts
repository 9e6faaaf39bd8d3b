// A point's item month by month -> a line with its limit; automatic, manual and below-detection values have marks of their own.
import type { EChartsCoreOption } from "echarts/core";
import type { SeriesMonth } from "../api/media";
import { unicode } from "../text/chem";
import { axis, safe, textStyle, tooltip } from "./base";
import type { Ink } from "./ink";
import { limitLine, slider } from "./trend";

export interface MonthWords {
  limit: string;
  below: string;
  sources: Record<"automatic" | "manual" | "both", string>;
}

const MARK = { automatic: "circle", both: "circle", manual: "diamond" } as const;

export function monthsOption(points: SeriesMonth[], name: string, unit: string, limit: number | null, chosen: string | null, words: MonthWords, ink: Ink): EChartsCoreOption {
  const tell = (shown: { dataIndex: number }[]) => {
    const point = points[shown[0]?.dataIndex ?? 0];
    if (!point) return "";
    if (point.value === null) return `${point.month} —`;
    const value = `${point.value} ${unicode(unit)}`;
    return [`<b>${point.month}</b> ${safe(value)}`, safe(point.source ? words.sources[point.source] : ""), point.of > 0 ? `${point.n} / ${point.of}` : "", point.below ? safe(words.below) : ""].filter((part) => part !== "").join("<br>");
  };
  return {
    textStyle: textStyle(ink),
    tooltip: tooltip(ink, { trigger: "axis", formatter: tell }),
    grid: { left: 8, right: 20, top: 34, bottom: 44, containLabel: true },
    dataZoom: [{ type: "inside", zoomOnMouseWheel: "ctrl" }, slider(ink)],
    xAxis: axis(ink, { type: "category", data: points.map((point) => point.month), splitLine: { show: false } }),
    yAxis: axis(ink, { type: "value", scale: true, name: `${unicode(name)}  ${unicode(unit)}`, nameTextStyle: { align: "left", color: ink.soft, fontFamily: ink.font }, axisLine: { show: false }, ...reach(points, limit) }),
    series: [
      {
        type: "line",
        name: unicode(name),
        connectNulls: false,
        data: points.map((point) => markOf(point, limit, chosen, ink)),
        lineStyle: { width: 1.6, color: ink.accent },
        itemStyle: { color: ink.accent },
        ...(limit === null ? {} : { markLine: limitLine(limit, words.limit, ink) }),
      },
    ],
  };
}

function markOf(point: SeriesMonth, limit: number | null, chosen: string | null, ink: Ink): object {
  const value = point.value === null ? null : Number(point.value);
  const over = value !== null && limit !== null && value > limit && !point.below;
  const color = over ? ink.behind : ink.accent;
  const fill = point.below ? { color: ink.paper, borderColor: color, borderWidth: 1.5 } : { color };
  const ring = point.month === chosen ? { borderColor: ink.text, borderWidth: 2.5 } : {};
  return { value, month: point.month, symbol: point.source ? MARK[point.source] : "circle", symbolSize: point.month === chosen ? 13 : point.source === "manual" ? 9 : 7, itemStyle: { ...fill, ...ring } };
}

/** Keeps the limit in sight. */
function reach(points: SeriesMonth[], limit: number | null): object {
  if (limit === null) return {};
  const values = points.flatMap((point) => (point.value === null ? [] : [Number(point.value)]));
  const high = Math.max(limit, ...values);
  const low = Math.min(limit, ...values);
  return limit >= high ? { max: Number((limit * 1.08).toPrecision(3)) } : limit <= low ? { min: Number((limit * 0.92).toPrecision(3)) } : {};
}
