// The shapes of a plan's full answers under /api/plans/{id}: every row with forecast, bodies, evidence and parts; scenario, changes, coverage.
//
// Everywhere: a computed number is a string with the decimals it is printed with, null when there is none; counts are JSON numbers.
// `simulated` is true when any of the data is. `as_of` (a moment) may be added to each reading address. A refusal is `{ code, message }`.
import { address } from "./client";
import type { Confidence, PastRow, PlanRow, State, TargetRow, Text } from "./types";

// ---- GET /api/plans/{id}/full?area=&year= : PlanFull --------------------------------------------------------------------------

export interface PlanFull {
  plan: string;
  area: string;
  year: number;
  rows: FullRow[];
  targets: FullTarget[];
  past: PastRow[];
  /** Indicators by state: `achieved`, `on_track`, `behind`, `no_data`, `text`, `not_due`. */
  counts: Record<string, number>;
  /** Targets by state, the same keys. */
  target_counts: Record<string, number>;
  /** Contradictions of the plan's text and what else a reader must know. */
  notes: Text[];
  simulated: boolean;
}

/** One of the plan's indicators. */
export interface FullRow {
  row: PlanRow;
  forecast: Forecast | null;
  /** Why there is no forecast; null when there is one. */
  forecast_why: Text | null;
  /** Other accounts of the same value: official, raw, adjusted, computed. The one that is judged is first. */
  variants: Variant[];
  /** Responsible bodies, the leading one first. */
  bodies: (Body | Text)[];
  /** What the value rests on: documents, or rule and data; what would be evidence when there is no value. */
  evidence: Text;
  /** How many parts (sections, plots, projects) it has. */
  parts: number;
  /** Parts judged, and how many there should be. */
  n: number;
  of: number;
  valid: boolean;
  /** What is missing, one sentence each; empty when nothing is. */
  missing: Text[];
  notes: Text[];
  simulated: boolean;
}

export interface Body {
  name: Text;
  /** 牵头; else it takes part. */
  lead: boolean;
  /** `unconfirmed`: the plan does not name it, it follows from its task. */
  confidence: Confidence;
  /** Where this stands; null when nothing says so. */
  source: Text | null;
}

/** A body of whom nothing more is known than the name may come as its name alone. */
export function bodyOf(given: Body | Text): Body {
  return "zh" in given ? { name: given, lead: false, confidence: "confirmed", source: null } : given;
}

export interface Variant {
  name: Text;
  value: string | null;
  /** Whether it is the one that is judged. */
  judged: boolean;
  /** Document or rule. */
  basis: Text | null;
}

export interface Forecast {
  /** The year or moment it is for. */
  year: number;
  value: string;
  low: string | null;
  high: string | null;
  /** Probability of the interval in per cent: `90`. */
  level: string | null;
  method: Text;
  /** What the same method would have said of past years. */
  honesty: HonestyRow[];
  /** Mean absolute error over those years, and that of “as last year”. */
  mean_error: string | null;
  naive_error: string | null;
  /** Whether the method is better than “as last year” on these years; null when it cannot be said. */
  better: boolean | null;
}

export interface HonestyRow {
  year: number;
  said: string;
  low: string | null;
  high: string | null;
  came: string;
  /** Whether `came` was in the interval; null without one. */
  within: boolean | null;
}

/** One of the plan's targets outside the table. */
export interface FullTarget {
  target: TargetRow;
  bodies: (Body | Text)[];
  evidence: Text;
  /** Reported or computed value; null when there is none. */
  value: string | null;
  unit: string;
  value_year: number | null;
  source: "computed" | "reported" | null;
  /** Indicator of the plan that it repeats. */
  same_as: number | null;
  missing: Text[];
  simulated: boolean;
}

// ---- GET /api/plans/{id}/indicators/{no}/parts?area=&year= : IndicatorParts ---------------------------------------------------

export interface IndicatorParts {
  no: number;
  year: number;
  area: string;
  value: string | null;
  /** Before rounding, as a decimal or a fraction. */
  exact: string | null;
  unit: string;
  n: number;
  of: number;
  valid: boolean;
  confidence: Confidence;
  why: Text;
  /** Head of the first column: 断面, 地块, 项目. */
  part_name: Text;
  parts: IndicatorPart[];
  variants: Variant[];
  standards: { id: string; number: string; title: Text; confidence: Confidence }[];
  documents: string[];
  notes: Text[];
  missing: Text[];
  /** Roll-up by county, where the plan has it; else empty. */
  areas: AreaPart[];
  /** What can be assumed of a part in a scenario; empty when there is nothing. */
  assume: AssumptionKind[];
  /** As in the indicator's `FullRow`. */
  forecast: Forecast | null;
  forecast_why: Text | null;
  bodies: (Body | Text)[];
  evidence: Text;
  simulated: boolean;
}

export interface IndicatorPart {
  /** Code of the point, plot, project or area. */
  feature: string;
  name: Text;
  value: string;
  met: boolean | null;
  /** What it adds to the value, in `IndicatorParts.unit`; null where this makes no sense. */
  contribution: string | null;
  why: Text;
  counted: boolean;
  /** Where the part has a page; null where it has none. */
  link: PartLink | null;
}

/** `point`: `id` is a code and `medium` its medium; `indicator`: `id` is a number of the plan, `area` its area. */
export interface PartLink {
  kind: "point" | "indicator";
  id: string;
  medium: string | null;
  area: string | null;
}

export interface AreaPart {
  area: string;
  name: Text;
  value: string | null;
  n: number;
  of: number;
  why: Text | null;
}

export interface AssumptionKind {
  /** `class`, `state`, or an item of the catalog of facts. */
  item: string;
  name: Text;
  unit: string;
  /** What can be chosen; empty when it is a number. */
  values: { value: string; name: Text }[];
}

// ---- GET /api/plans/{id}/indicators/{no}/changes?since=&area=&year= : IndicatorChanges ----------------------------------------

/** `since` is a moment; the data as they stood then against the data now. */
export interface IndicatorChanges {
  no: number;
  since: string;
  before: string | null;
  after: string | null;
  unit: string;
  /** Why, in words, when nothing changed too. */
  why: Text;
  parts: PartChange[];
  /** The plan's other indicators that became others. */
  other: RowChange[];
}

export interface PartChange {
  feature: string;
  name: Text;
  /** null: it was not there. */
  before: string | null;
  after: string | null;
  why_before: Text | null;
  why_after: Text | null;
}

export interface RowChange {
  no: number;
  title: Text;
  unit: string;
  before: string | null;
  after: string | null;
}

// ---- POST /api/plans/{id}/scenario with ScenarioAsk : ScenarioAnswer. Changes nothing that is kept. ---------------------------

export interface ScenarioAsk {
  area: string;
  year: number;
  assumptions: Assumption[];
}

export interface Assumption {
  feature: string;
  item: string;
  value: string;
}

export interface ScenarioAnswer {
  /** Every indicator of the plan that became another, and always those that the assumed parts belong to. */
  rows: ScenarioRow[];
  /** What was assumed, in words, and what could not be. */
  notes: Text[];
  simulated: boolean;
}

export interface ScenarioRow {
  no: number;
  title: Text;
  unit: string;
  before: string | null;
  after: string | null;
  state_before: State;
  state_after: State;
}

// ---- GET /api/plans/{id}/coverage : PlanCoverage, the `indicators::plan::Coverage` as it is -----------------------------------

export type SystemState = "works" | "declared" | "missing";

export interface PlanCoverage {
  plan: string;
  totals: Totals;
  by_group: GroupTotals[];
  by_depth: GroupTotals[];
  /** How many rows each list of the plan has: projects, entities, actors, relations. */
  lists: { name: string; count: number }[];
  projects_by_box: { name: string; title: Text; count: number }[];
  entities_by_type: { name: string; title: Text; count: number }[];
  rows: CoveredSystem[];
  relations: CoveredRelation[];
  problems: { path: string; message: Text }[];
}

export interface Totals {
  works: number;
  declared: number;
  missing: number;
  all: number;
}

export interface GroupTotals {
  id: string;
  title: Text;
  works: number;
  declared: number;
  missing: number;
  all: number;
}

export interface CoveredSystem {
  no: number;
  id: string;
  name: Text;
  group: string;
  depth: string;
  chapter: string;
  plan_line: number;
  quote: string;
  does: Text;
  state: SystemState;
  scenarios: { id: string; title: Text }[];
  /** Whether the stories show its main job or a part of it. */
  shows: string;
  /** `kind:id` of definitions. */
  serves: string[];
  /** Commands and pages. */
  places: string[];
  note: Text;
}

export interface CoveredRelation {
  id: string;
  both_work: boolean;
  quote: string;
  plan_line: number;
}

// ---- GET /api/reports/plan?plan=&area=&year=&kind=mid-term|final&format=pdf|xlsx&lang=zh|en : the document ---------------------

export type Evaluation = "mid-term" | "final";

// ---- Addresses -----------------------------------------------------------------------------------------------------------------

interface Of {
  area: string | null;
  year: number;
  as_of: string | null;
}

const of = (plan: string) => `plans/${encodeURIComponent(plan)}`;

export const planAt = {
  full: (plan: string, query: Of) => address(`${of(plan)}/full`, { ...query }),
  parts: (plan: string, no: number, query: Of) => address(`${of(plan)}/indicators/${no}/parts`, { ...query }),
  changes: (plan: string, no: number, since: string, { area, year }: Of) => address(`${of(plan)}/indicators/${no}/changes`, { since, area, year }),
  scenario: (plan: string) => address(`${of(plan)}/scenario`),
  coverage: (plan: string) => address(`${of(plan)}/coverage`),
  report: (plan: string, { area, year, as_of }: Of, kind: Evaluation, format: "pdf" | "xlsx", lang: "zh" | "en") =>
    address("reports/plan", { plan, area, year, kind, format, lang, as_of }),
};
