// 模拟: annual statistics of an area, as the indicator catalog names them, with invented values.
import { two } from "./kit.ts";

type Row = [id: string, zh: string, en: string, unit: string, value: number, limit: number | null];
const ROWS: Row[] = [
  ["air.pm25.mean", "细颗粒物（PM2.5）年平均浓度", "PM2.5 annual mean", "µg/m3", 73, 35],
  ["air.pm25.p95", "细颗粒物（PM2.5）日均值第95百分位数", "PM2.5 day means, 95th percentile", "µg/m3", 210, 75],
  ["air.pm10.mean", "可吸入颗粒物（PM10）年平均浓度", "PM10 annual mean", "µg/m3", 92, 70],
  ["air.pm10.p95", "可吸入颗粒物（PM10）日均值第95百分位数", "PM10 day means, 95th percentile", "µg/m3", 241, 150],
  ["air.o3.p90", "臭氧日最大8小时平均第90百分位数", "O3 daily maximum 8 h mean, 90th percentile", "µg/m3", 199, 160],
  ["air.no2.mean", "二氧化氮年平均浓度", "NO2 annual mean", "µg/m3", 48, 40],
  ["air.no2.p98", "二氧化氮日均值第98百分位数", "NO2 day means, 98th percentile", "µg/m3", 106, 80],
  ["air.so2.mean", "二氧化硫年平均浓度", "SO2 annual mean", "µg/m3", 10, 60],
  ["air.so2.p98", "二氧化硫日均值第98百分位数", "SO2 day means, 98th percentile", "µg/m3", 41, 150],
  ["air.co.p95", "一氧化碳日均值第95百分位数", "CO day means, 95th percentile", "mg/m3", 3.2, 4],
  ["air.good_ratio", "优良天数比例", "share of good-air days", "%", 54.6, null],
  ["air.good_days", "优良天数", "good-air days (level 1 or 2)", "d", 198, null],
  ["air.polluted_days", "超标天数", "polluted days (level 3 or worse)", "d", 165, null],
  ["air.heavy_days", "重度及以上污染天数", "days of heavy pollution or worse", "d", 39, null],
  ["air.heavy_ratio", "重度及以上污染天数比率", "share of days of heavy pollution or worse", "%", 10.7, null],
  ["air.valid_days", "有效天数", "days with a valid AQI", "d", 363, null],
  ["air.composite_index", "环境空气质量综合指数", "composite air quality index", "1", 6.72, null],
];

export function statistics(year: number) {
  const invalid = year === 2017;
  return ROWS.map(([id, zh, en, unit, value, limit]) => {
    const shown = Math.round(value * (1 + (2016 - year) * 0.06) * 10) / 10;
    const notes = invalid ? [two("有效天数 58，少于 324 天：结果不能用于年评价", "58 valid days, fewer than 324: not an annual evaluation")] : [];
    return { id, title: two(zh, en), value: shown, exact: String(shown + 0.0123), value_text: null, unit, valid: !invalid, n: invalid ? 58 : 363, of: 366, target: id === "air.pm25.mean" ? 29 : null, target_text: null, all_data: id === "air.pm10.mean" ? shown + 3 : null, limit, state: limit === null ? null : shown <= limit ? "achieved" : "behind", rules: "air-2012", confidence: id.startsWith("air.composite") ? "probable" : "confirmed", notes };
  });
}
