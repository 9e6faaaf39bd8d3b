// Days of a year -> calendar heat map in the colours of the air-quality classes.
import type { EChartsCoreOption } from "echarts/core";
import type { Level } from "../api/types";
import { printed } from "../text/items";
import { unicode } from "../text/chem";
import { inkOn } from "../text/color";
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

const NARROW = 560;
const SIDE = 30;
const HEAD = 24;
/** Days from this class on carry its number in their cell, so that colour is not the only sign. */
const MARKED = 3;
const READABLE = 11;

/** The parts of a year drawn one under the other: one on a desk, three on a phone. */
export function partsOf(year: number, width: number): [string, string][] {
  if (width >= NARROW) return [[`${year}-01-01`, `${year}-12-31`]];
  return [
    [`${year}-01-01`, `${year}-04-30`],
    [`${year}-05-01`, `${year}-08-31`],
    [`${year}-09-01`, `${year}-12-31`],
  ];
}

/** Pixels of a day's side: a year has at most 54 columns of weeks, four months at most 19. */
export function cellOf(width: number): number {
  const weeks = width >= NARROW ? 54 : 19;
  return Math.max(8, Math.min(34, Math.floor((width - SIDE - 4) / weeks)));
}

export function calendarHeight(year: number, width: number): number {
  return partsOf(year, width).length * (cellOf(width) * 7 + HEAD + 10);
}

export function calendarOption(days: CalendarDay[], year: number, width: number, levels: Level[], words: CalendarWords, ink: Ink): EChartsCoreOption {
  const parts = partsOf(year, width);
  const cell = cellOf(width);
  const byDate = new Map(days.map((day) => [day.date, day]));
  const inks = new Map(levels.map((row) => [row.level, inkOn(row.color)]));
  const number = (level: number) => ({ show: cell >= READABLE && level >= MARKED, formatter: String(level), color: inks.get(level) ?? ink.text, fontSize: Math.min(ink.px(12), cell - 4), fontWeight: 700 });
  const data = days.flatMap((day) => (day.level === null ? [] : [{ value: [day.date, day.level] as [string, number], label: number(day.level) }]));
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
      top: at * (cell * 7 + HEAD + 10) + HEAD,
      left: SIDE,
      cellSize: [cell, cell],
      range,
      itemStyle: { color: ink.sunk, borderWidth: 1, borderColor: ink.paper },
      splitLine: { lineStyle: { color: ink.faint, width: 1 } },
      yearLabel: { show: false },
      dayLabel: { firstDay: 1, nameMap: words.weekdays, color: ink.soft, fontSize: Math.min(ink.px(11), cell) },
      monthLabel: { nameMap: words.months, color: ink.soft, fontSize: ink.px(12), align: "left" },
    })),
    series: parts.map(([from, to], at) => ({
      type: "heatmap",
      coordinateSystem: "calendar",
      calendarIndex: at,
      data: data.filter((day) => day.value[0] >= from && day.value[0] <= to),
    })),
  };
}
