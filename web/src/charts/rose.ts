// Counts of wind direction and speed -> wind rose; the direction is where the wind comes from, north on top.
import type { EChartsCoreOption } from "echarts/core";
import type { Wind } from "../api/types";
import { textStyle, tooltip } from "./base";
import type { Ink } from "./ink";

export const POINTS = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"];

/** Share of all hours in percent, by speed class then sector. */
export function shares(wind: Wind): number[][] {
  const total = wind.hours || 1;
  return wind.bins.map((_, bin) => wind.counts.map((sector) => (100 * (sector[bin] ?? 0)) / total));
}

/** Shades of one `#rrggbb` ink from pale to full, one per speed class. */
function shade(color: string, at: number, of: number): string {
  const alpha = Math.round(255 * (0.2 + (0.8 * (at + 1)) / of));
  return `${color}${Math.min(255, alpha).toString(16).padStart(2, "0")}`;
}

export function roseOption(wind: Wind, points: string[], ink: Ink): EChartsCoreOption {
  const data = shares(wind);
  return {
    textStyle: textStyle(ink),
    tooltip: tooltip(ink, { trigger: "item", valueFormatter: (value: number) => `${value.toFixed(2)} %` }),
    legend: { bottom: 0, itemWidth: 12, itemHeight: 10, textStyle: { color: ink.soft, fontFamily: ink.font } },
    polar: { radius: ["6%", "68%"], center: ["50%", "46%"] },
    angleAxis: {
      type: "category",
      data: points,
      startAngle: 101.25,
      axisLine: { lineStyle: { color: ink.line } },
      axisTick: { show: false },
      axisLabel: { color: ink.soft, fontFamily: ink.font, interval: 0, fontSize: 11 },
      splitLine: { show: false },
    },
    radiusAxis: {
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: ink.faint, formatter: "{value} %", fontSize: 10 },
      splitLine: { lineStyle: { color: ink.line } },
    },
    series: data.map((values, at) => ({
      type: "bar",
      coordinateSystem: "polar",
      stack: "wind",
      barCategoryGap: "12%",
      name: `${wind.bins[at]?.label ?? ""} m/s`,
      data: values,
      itemStyle: { color: shade(ink.accent, at, data.length) },
    })),
  };
}
