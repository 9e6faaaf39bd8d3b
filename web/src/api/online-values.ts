// Shapes of the curve and the statement of an outlet; the rules for all of them stand in online.ts, from which they are imported.
import type { Mark } from "./online-acts";
import type { Cadence, DataFlag, LimitBasis, LimitKind, Parameter, QcFlag } from "./online";
import type { Confidence, Text } from "./types";

// ---- GET /api/online/outlets/{code}/curve?code=a21026,a21002&cadence=&from=&to=&as_of= --------------------------------------

/** At most 31 days of realtime or minute values at once: more is refused with 400 `span-too-long`. `code` left out: every channel. */
export interface Curve {
  outlet: string;
  cadence: Cadence;
  from: string;
  to: string;
  /** One a device and code, in the order asked. */
  series: CurveSeries[];
  /** Marks that touch the span, also withdrawn ones. */
  marks: Mark[];
  /** Every test that stands in a point. */
  tests: QcTest[];
  parameters: Parameter[];
  simulated: boolean;
}

export interface CurveSeries {
  mn: string;
  code: string;
  unit: string;
  /** By time. */
  points: CurvePoint[];
  /** In force within the span, by start. */
  limits: LimitSegment[];
}

export interface CurvePoint {
  time: string;
  /** As the instrument sent it: -Rtd, or -Avg of a period. */
  value: string | null;
  /** As the instrument converted it (-ZsRtd, -ZsAvg), or as the platform does when it sends none. */
  converted: string | null;
  min: string | null;
  max: string | null;
  /** The platform's own value of an hour or day, and its conversion; null at realtime and minute. */
  own: string | null;
  own_converted: string | null;
  flag: DataFlag | null;
  /** Worst test, after overrides that are approved; null when none was run. */
  qc_flag: QcFlag | null;
  /** Tests that did not pass (3 or 4), as they judged, whatever was overridden. */
  qc: QcMark[];
  /** The review whose override holds here. */
  review: string | null;
  /** Within a mark that is not withdrawn. */
  marked: boolean;
  over: boolean;
  /** The frame that prevails; null when nothing was received and the platform computed the value. */
  frame: number | null;
}

export interface QcMark {
  test: string;
  flag: QcFlag;
  /** What was seen and what was allowed, with the numbers. */
  words: Text;
}

export interface QcTest {
  id: string;
  title: Text;
}

export interface LimitSegment {
  from: string;
  to: string;
  low: string | null;
  high: string | null;
  basis: LimitBasis;
  kind: LimitKind;
  document: string;
}

// ---- GET /api/online/outlets/{code}/statement?month=YYYY-MM&day=YYYY-MM-DD&as_of= -------------------------------------------

export interface Statement {
  outlet: string;
  month: string;
  /** The day whose hours are in `hours`; null when none was asked. */
  day: string | null;
  computed: string;
  /** The rules that were used, with how sure the project is of them. */
  rules: StatementRule[];
  /** One a device and code. Flow is a line of its own, whose amount is a volume. */
  lines: StatementLine[];
  parameters: Parameter[];
  simulated: boolean;
}

export interface StatementRule {
  document: string;
  clause: string;
  title: Text;
  confidence: Confidence;
}

export interface StatementLine {
  mn: string;
  code: string;
  unit: string;
  /** `kg`, `m3`, or null when no amount is computed. */
  amount_unit: string | null;
  month: JudgedPeriod;
  /** Every day of the month that has begun, by date. */
  days: JudgedPeriod[];
  /** The hours of `day`, by start; empty when none was asked. */
  hours: JudgedPeriod[];
}

export interface JudgedPeriod {
  start: string;
  /** Every value counts, whatever is marked. */
  without_marks: JudgedResult;
  /** Values within marks left out. */
  with_marks: JudgedResult;
  /** What the instrument itself sent for the period; null when it sent nothing. */
  instrument: InstrumentResult | null;
  /** Ours (without marks) less the instrument's; null when one of them is missing. */
  difference: Difference | null;
  substitution: Substitution | null;
  /** Received of due, and valid of received; at least by hour. */
  transmission: Rate;
  validity: Rate;
  /** Their product, the rate of valid transmission, as a percentage. */
  effective_percent: string | null;
  low: string | null;
  high: string | null;
  over: boolean;
  /** The instrument's own frame for the period. */
  frame: number | null;
  notes: Text[];
}

export interface JudgedResult {
  value: string | null;
  converted: string | null;
  /** Mass or volume in the period, in the line's `amount_unit`, substituted amounts included. */
  amount: string | null;
  /** Values it was made of, and how many there should be. */
  n: number;
  of: number;
  valid: boolean;
  flag: DataFlag | null;
}

export interface InstrumentResult {
  value: string | null;
  converted: string | null;
  amount: string | null;
}

export interface Difference {
  value: string | null;
  converted: string | null;
  amount: string | null;
  /** Of the concentration, in per cent of the instrument's. */
  percent: string | null;
  /** More than rounding explains. */
  notable: boolean;
}

export interface Substitution {
  /** Part of the amount that was substituted, in the line's `amount_unit`. */
  amount: string;
  hours: number;
  rule: Text;
  confidence: Confidence;
}

export interface Rate {
  n: number;
  of: number;
  percent: string | null;
}
