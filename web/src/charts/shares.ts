// Points by class, month by month -> columns that fill the whole height, in the colours of the classes.
import type { EChartsCoreOption } from "echarts/core";
import { axis, safe, textStyle, tooltip } from "./base";
import type { Ink } from "./ink";

export interface ShareMonth {
  month: string;
  judged: number;
  shares: { class: string; count: number; percent: string | null }[];
}

export interface ShareClass {
  class: string;
  name: string;
  color: string;
}

/** Every month of the year has a column; one without data stays empty. `chosen` is outlined. */
export function sharesOption(year: number, months: ShareMonth[], classes: ShareClass[], chosen: string | null, ink: Ink): EChartsCoreOption {
  const all = Array.from({ length: 12 }, (_, at) => `${year}-${String(at + 1).padStart(2, "0")}`);
  const of = new Map(months.map((row) => [row.month, row]));
  const share = (month: string, id: string) => of.get(month)?.shares.find((row) => row.class === id);
  const tell = (points: { dataIndex: number }[]) => {
    const month = all[points[0]?.dataIndex ?? 0] ?? "";
    const lines = classes.flatMap((own) => {
      const row = share(month, own.class);
      return row && row.count > 0 ? [`${safe(own.name)}: ${row.count} (${row.percent ?? "—"} %)`] : [];
    });
    return [`<b>${month}</b>`, ...(lines.length > 0 ? lines : ["—"])].join("<br>");
  };
  return {
    textStyle: textStyle(ink),
    tooltip: tooltip(ink, { trigger: "axis", axisPointer: { type: "shadow" }, formatter: tell }),
    grid: { left: 8, right: 12, top: 12, bottom: 4, containLabel: true },
    xAxis: axis(ink, { type: "category", data: all.map((month) => String(Number(month.slice(5)))), splitLine: { show: false } }),
    yAxis: axis(ink, { type: "value", max: 100, interval: 25, axisLine: { show: false }, axisLabel: { color: ink.soft, fontFamily: ink.font, fontSize: ink.px(12), formatter: "{value} %" } }),
    series: classes.map((own) => ({
      type: "bar",
      stack: "all",
      name: own.name,
      barCategoryGap: "18%",
      data: all.map((month) => {
        const row = share(month, own.class);
        const marked = month === chosen ? { borderColor: ink.text, borderWidth: 2 } : { borderColor: ink.paper, borderWidth: 0.5 };
        return { value: row?.percent == null ? null : Number(row.percent), month, itemStyle: { color: own.color, ...marked } };
      }),
    })),
  };
}
