// Days of a year -> calendar heat map in the colours of the air-quality classes.
import type { EChartsCoreOption } from "echarts/core";
import type { Level } from "../api/types";
import { printed } from "../text/items";
import { unicode } from "../text/chem";
import { safe, textStyle, tooltip } from "./base";
import type { Ink } from "./ink";

export interface CalendarDay {
  date: string;
  aqi: number | null;
  level: number | null;
  primary: string[];
  excluded: boolean;
}

export interface CalendarWords {
  months: string[];
  weekdays: string[];
  missing: string;
  excluded: string;
  className: (level: number) => string;
}

const NARROW = 620;

/** The parts of a year drawn one under the other: one on a desk, three on a phone. */
export function partsOf(year: number, width: number): [string, string][] {
  if (width >= NARROW) return [[`${year}-01-01`, `${year}-12-31`]];
  return [
    [`${year}-01-01`, `${year}-04-30`],
    [`${year}-05-01`, `${year}-08-31`],
    [`${year}-09-01`, `${year}-12-31`],
  ];
}

function cellOf(width: number): number {
  const weeks = width >= NARROW ? 54 : 19;
  return Math.max(9, Math.min(20, Math.floor((width - 44) / weeks)));
}

export function calendarHeight(year: number, width: number): number {
  return partsOf(year, width).length * (cellOf(width) * 7 + 34) + 4;
}

export function calendarOption(days: CalendarDay[], year: number, width: number, levels: Level[], words: CalendarWords, ink: Ink): EChartsCoreOption {
  const parts = partsOf(year, width);
  const cell = cellOf(width);
  const byDate = new Map(days.map((day) => [day.date, day]));
  const data = days.filter((day) => day.level !== null).map((day) => [day.date, day.level]);
  const tell = (point: { value: [string, number] }) => {
    const day = byDate.get(point.value[0]);
    if (!day || day.level === null) return `${point.value[0]} ${words.missing}`;
    const why = day.primary.map((item) => unicode(printed(item))).join(" · ");
    const excluded = day.excluded ? `<br>${safe(words.excluded)}` : "";
    return safe(`${day.date}  AQI ${day.aqi ?? "—"} ${words.className(day.level)}  ${why}`) + excluded;
  };
  return {
    textStyle: textStyle(ink),
    tooltip: tooltip(ink, { formatter: tell }),
    visualMap: {
      show: false,
      type: "piecewise",
      dimension: 1,
      pieces: levels.map((row) => ({ value: row.level, color: row.color })),
    },
    calendar: parts.map((range, at) => ({
      top: at * (cell * 7 + 34) + 22,
      left: 34,
      cellSize: [cell, cell],
      range,
      itemStyle: { color: ink.sunk, borderWidth: 1, borderColor: ink.paper },
      splitLine: { lineStyle: { color: ink.faint, width: 1 } },
      yearLabel: { show: false },
      dayLabel: { firstDay: 1, nameMap: words.weekdays, color: ink.soft, fontSize: 10 },
      monthLabel: { nameMap: words.months, color: ink.soft, fontSize: 11 },
    })),
    series: parts.map(([from, to], at) => ({
      type: "heatmap",
      coordinateSystem: "calendar",
      calendarIndex: at,
      data: data.filter(([date]) => String(date) >= from && String(date) <= to),
    })),
  };
}
