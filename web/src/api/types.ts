// The shapes the server answers with, as its HTTP contract states them. One type per answer; null means missing.

export interface Text {
  zh: string;
  en: string;
}

export type Confidence = "confirmed" | "probable" | "unconfirmed";

export interface Area {
  id: string;
  name: Text;
  plan: string | null;
  has_map: boolean;
  stations: number;
  years: number[];
  note: Text | null;
}

export interface RuleSet {
  id: string;
  title: Text;
  from: string;
  to: string | null;
  standards: { id: string; title: Text; number: string; confidence: Confidence }[];
}

export interface Level {
  level: number;
  class: Text;
  name: Text;
  color: string;
  aqi_from: number;
  aqi_to: number | null;
  effect: Text;
  advice: Text;
}

export interface Standard {
  id: string;
  number: string;
  title: Text;
  kind: string;
  from: string;
  to: string | null;
  confidence: Confidence;
  source: string;
  tables: number;
  cases: number;
}

export type ValueKind = "number" | "at-least" | "at-most" | "cumulative" | "text" | "absent";

export interface ValueText {
  text: string;
  number: number | null;
  kind: ValueKind;
}

export type State = "achieved" | "on-track" | "behind" | "no-data" | "text" | "not-due";

export interface Plan {
  id: string;
  title: Text;
  area: string;
  from: number;
  to: number;
  base_year: number;
  groups: { id: string; title: Text }[];
  source: Text;
}

export interface PlanRow {
  no: number;
  id: string;
  title: Text;
  unit: string;
  group: string;
  attribute: "binding" | "expected";
  base: ValueText;
  target: ValueText;
  cumulative: ValueText;
  target_year: number;
  value: ValueText | null;
  value_year: number | null;
  source: "computed" | "reported" | null;
  path: number | null;
  state: State;
  why: Text;
  indicator: string | null;
  document: string | null;
  confidence: Confidence;
}

export interface PastRow {
  group: Text;
  title: Text;
  unit: string;
  base2015: ValueText;
  target2020: ValueText;
  actual2020: ValueText;
  attribute: string;
  done: Text;
}

export interface TargetRow {
  id: string;
  quote: string;
  value: string;
  deadline: string;
  line: number;
  state: State;
  why: Text;
}

export interface PlanStatus {
  plan: string;
  area: string;
  year: number;
  rows: PlanRow[];
  past: PastRow[];
  targets: TargetRow[];
  counts: Record<string, number>;
}

export interface HistoryPoint {
  year: number;
  value: ValueText | number | string | null;
  source: "computed" | "reported" | null;
  document: string | null;
  confidence: Confidence;
}

export interface Budget {
  year: number;
  days_in_year: number;
  good_days_needed: number;
  good_so_far: number;
  polluted_so_far: number;
  days_left: number;
  polluted_affordable: number;
  reachable: boolean;
  text: Text;
}

export interface Costs {
  polluted_days: number;
  by_pollutant: { item: string; name: Text; days: number }[];
  by_station: { station: string; name: Text; station_days: number; by_pollutant: { item: string; days: number }[] }[];
  days: { date: string; aqi: number | null; primary: string[] }[];
}

export interface IndicatorPage {
  row: PlanRow;
  history: HistoryPoint[];
  path: { year: number; value: number | null }[];
  budget: Budget | null;
  costs: Costs | null;
}

export interface Statistic {
  id: string;
  title: Text;
  value: number | null;
  value_text: string | null;
  exact: string | null;
  unit: string;
  valid: boolean;
  n: number;
  of: number;
  target: number | null;
  target_text: string | null;
  limit: number | null;
  state: string | null;
  rules: string;
  confidence: Confidence;
  all_data: number | null;
  notes: Text[];
}

export interface Explanation {
  indicator: string;
  title: Text;
  area: string;
  year: number;
  value: number | null;
  exact: string | null;
  unit: string;
  valid: boolean;
  rules: { standard: string; number: string; clause: string; title: Text; confidence: Confidence }[];
  equation: Text;
  steps: { text: Text }[];
  completeness: {
    days: number;
    of: number;
    per_month: { month: number; days: number; needed: number }[];
    valid: boolean;
  };
  exclusions: { from: string; to: string; reason: Text | string; document: string | null; days: number }[];
  days: ExplainedDay[];
  sources: { import: string; file: string; sha256: string; recorded: string; rows: number }[];
  as_of: string | null;
}

export interface ExplainedDay {
  date: string;
  value: string | null;
  valid: boolean;
  used: boolean;
  stations: number;
  aqi: number | null;
  level: number | null;
  primary: string[];
  excluded: boolean;
}

export interface ItemValue {
  value: number | null;
  exact?: string | null;
  iaqi: number | null;
  stations?: number;
  hours?: number;
  valid?: boolean;
}

export interface AirDay {
  date: string;
  aqi: number | null;
  level: number | null;
  primary: string[];
  valid: boolean;
  rules: string;
  items: Record<string, ItemValue>;
  excluded: boolean;
}

export interface StationDay {
  station: string;
  name: Text;
  aqi: number | null;
  level: number | null;
  primary: string[];
  items: Record<string, ItemValue>;
}

export interface DayOfStations {
  date: string;
  city: AirDay | null;
  stations: StationDay[];
  rules: string;
}

export interface HourRow {
  station: string;
  hour: string;
  parameter: string;
  name: Text;
  unit: string;
  value: string | null;
  flag: string;
  revision: number;
  import: string;
  file: string;
  row: number | null;
  recorded: string;
  earlier: { value: string | null; revision: number; recorded: string; file: string; row: number | null }[];
}

export interface StationPoint {
  station: string;
  name: Text;
  lon: number | null;
  lat: number | null;
  datum: string;
  aqi: number | null;
  level: number | null;
  color: string | null;
  primary: string[] | null;
  items: Record<string, ItemValue>;
}

export interface StationMap {
  date: string;
  hour: number | null;
  stations: StationPoint[];
}

export interface Series {
  unit: string;
  name: Text;
  points: [string, number | null][];
  limit: number | null;
}

export interface Wind {
  stations: string[];
  calm_share: number | null;
  sectors: number;
  bins: { label: string; from: number; to: number | null }[];
  counts: number[][];
  pollutant: { parameter: string; mean: (number | null)[] } | null;
  hours: number;
}

export interface CompareSide {
  good_days: number;
  valid_days: number;
  good_ratio: number | null;
  heavy_days: number;
}

export interface ComparedDay {
  aqi: number | null;
  level: number | null;
  primary: string[];
}

export interface Comparison {
  a: string;
  b: string;
  summary: { a: CompareSide; b: CompareSide };
  changed: { date: string; a: ComparedDay; b: ComparedDay }[];
  days: number;
}

export interface RankedValue {
  item: string;
  indicator: string;
  title: Text;
  value: string | null;
  unit: string;
  valid: boolean;
}

export interface RankedStation {
  station: string;
  name: Text;
  good_days: number;
  valid_days: number;
  good_ratio: number | null;
  statistics: RankedValue[];
  composite: number | null;
  rank: number | null;
}

export interface Mapping {
  id: string;
  title: Text;
  into: "observations" | "stations" | "areas" | "reported" | "exclusions" | "outlets" | "devices" | "channels" | "limits";
  description: Text;
  columns: string[];
  formats: string[];
  needs_station: boolean;
}

export interface Import {
  id: string;
  file: string;
  mapping: string;
  sha256: string;
  recorded: string;
  rows: number;
  values: number;
  new: number;
  unchanged: number;
  revised: number;
  missing: number;
  problems: number;
  errors: number;
  state: string;
}

export interface Problem {
  severity: string;
  code: string;
  file: string;
  sheet: string | null;
  row: number | null;
  column: string | null;
  raw: string | null;
  message: Text;
}

export interface Job {
  state: "running" | "done" | "failed";
  progress: number;
  text: Text;
  import: Import | null;
  problems: Problem[];
  error: { code: string; message: Text } | null;
}

export interface Version {
  version: string;
  commit: string | null;
}
