// The shapes of the online-monitoring answers and requests under /api/online, as the server gives and takes them.
//
// Everywhere: a measured or computed number is a string with the decimals it is printed with, null when there is none; counts,
// bytes and numbers of frames are JSON numbers. A moment is ISO 8601 with +08:00; a period is named by its start. A span is
// `from` (inside) to `to` (outside); a day is `YYYY-MM-DD`, and a span of days has both inside. Lists come newest first unless said.
// A refusal is `{ code, message }`, as everywhere. Reads need nobody; writes need `Authorization: Bearer TOKEN`: 401
// `no-operator` without a known one, 403 `no-scope` when its scopes do not allow it. `simulated` is true when any of the data is.
import type { Confidence, Text } from "./types";

export type OutletKind = "gas" | "water" | "air" | "surface-water" | "noise" | "micro";
export type Cadence = "realtime" | "minute" | "hour" | "day";
/** The instrument's own mark on a value (HJ 212-2017): normal, stopped, maintenance, set by hand, fault, calibration, above range, no connection. */
export type DataFlag = "N" | "F" | "M" | "S" | "D" | "C" | "T" | "B";
/** Judgement of a series test after QARTOD: pass, not evaluated, suspect, fail, missing. */
export type QcFlag = 1 | 2 | 3 | 4 | 9;
export type Verdict = "conforms" | "deviates" | "broken";
export type Scope = "control" | "review" | "approve" | "acknowledge" | "register";
/** `late`: data overdue by its own interval; `silent`: long overdue or no connection; `never`: registered, nothing ever came; `unknown-mn`: it sends, no register has it. */
export type DeviceLink = "online" | "late" | "silent" | "maintenance" | "never" | "unknown-mn";

/** An outlet as other things name it. */
export interface OutletRef {
  code: string;
  name: Text;
  kind: OutletKind;
  /** Code of its area. */
  area: string;
  enterprise: string;
}

/** What a code of HJ 212 Annex B is called. `symbol` is the formula or short name (SO2, COD), null when there is none. */
export interface Parameter {
  code: string;
  name: Text;
  symbol: string | null;
}

export interface AreaName {
  code: string;
  name: Text;
}

// ---- GET /api/online/gateway -----------------------------------------------------------------------------------------------

export interface GatewayHealth {
  /** The server's clock. */
  now: string;
  /** True while frames are taken, made durable and answered. */
  accepting: boolean;
  /** Why not, when it is not: `off`, `disk-full`, `read-only`, `corrupt`, `io`, `stopping`. The words say what to do. */
  reason: GatewayReason | null;
  /** Since when it is in this state. */
  since: string;
  /** Where instruments connect (`127.0.0.1:9212`); null when it does not listen. */
  hj212: string | null;
  /** The broker messages are read from; null without one. */
  mqtt: string | null;
  connections: number;
  max_connections: number;
  /** Frames read and not yet durable. */
  queue: number;
  in_flight_bytes: number;
  in_flight_limit_bytes: number;
  /** Memory of the process; null when the system does not tell. */
  memory_bytes: number | null;
  /** Frames in the journal, and the newest one. */
  journal_frames: number;
  journal_last: number | null;
  /** Counted since the start: at least `frames`, `answered`, `conforms`, `deviates`, `broken`, `refused`. */
  counters: GatewayCounter[];
  simulated: boolean;
}

export interface GatewayReason {
  code: string;
  message: Text;
}

export interface GatewayCounter {
  id: string;
  title: Text;
  value: number;
}

// ---- GET /api/online/devices: the wall -------------------------------------------------------------------------------------

export interface Wall {
  now: string;
  /** Every registered device and every unknown one that sent something, by outlet code, then MN. */
  devices: WallDevice[];
  /** Every code that stands in `devices`, by code. */
  parameters: Parameter[];
  /** Every area that stands in `devices`, by code. */
  areas: AreaName[];
  simulated: boolean;
}

export interface WallDevice {
  mn: string;
  /** null when no register has the device. */
  outlet: OutletRef | null;
  state: DeviceLink;
  /** A connection is open now. */
  connected: boolean;
  /** When its newest frame came; null when none ever did. */
  last_seen: string | null;
  /** The moment its newest values are of. */
  data_time: string | null;
  /** `2005`, `2017`, `2025` or `mqtt`: what it speaks, or should when it has not spoken; null when unknown. */
  generation: string | null;
  vendor: string | null;
  /** Its newest value of every channel, in the register's order. */
  values: WallValue[];
  /** Alerts not recovered. */
  alerts: number;
  /** Deviations counted since midnight. */
  deviations_today: number;
  frames_today: number;
  simulated: boolean;
}

export interface WallValue {
  code: string;
  unit: string;
  time: string;
  value: string | null;
  /** Converted to reference oxygen, when the instrument or the register gives it. */
  converted: string | null;
  flag: DataFlag | null;
  /** Worst series test of this value; null when none was run yet. */
  qc: QcFlag | null;
  /** Limit in force, not below and not above: of this cadence, else of the hour; and which of the two values it is for. */
  low: string | null;
  high: string | null;
  basis: LimitBasis | null;
  over: boolean;
  /** The frame it came in. */
  frame: number | null;
}

// ---- GET /api/online/outlets, /api/online/outlets/{code} -------------------------------------------------------------------

export interface OutletList {
  outlets: OutletRow[];
  areas: AreaName[];
  simulated: boolean;
}

export interface OutletRow {
  outlet: OutletRef;
  lon: number | null;
  lat: number | null;
  /** MN of its devices. */
  devices: string[];
  simulated: boolean;
}

export interface OutletPage {
  now: string;
  outlet: Outlet;
  devices: WallDevice[];
  channels: OutletChannel[];
  limits: OutletLimit[];
  /** What is held, one row a cadence that has data, in the order realtime, minute, hour, day. */
  held: HeldSpan[];
  /** Marks that touch the last 31 days. */
  marks: Mark[];
  /** The newest fifty. */
  alerts: Alert[];
  parameters: Parameter[];
  simulated: boolean;
}

export interface Outlet {
  code: string;
  name: Text;
  kind: OutletKind;
  area: AreaName;
  enterprise: string;
  lon: number | null;
  lat: number | null;
  section_m2: string | null;
  velocity_factor: string | null;
  reference_o2_percent: string | null;
  reference_air_ratio: string | null;
  note: string;
  simulated: boolean;
}

export interface OutletChannel {
  mn: string;
  code: string;
  unit: string;
  resolution: string | null;
  range_low: string | null;
  range_high: string | null;
}

export interface OutletLimit {
  code: string;
  statistic: Cadence;
  basis: LimitBasis;
  kind: LimitKind;
  /** Days; `to` null while it has no end. */
  from: string;
  to: string | null;
  low: string | null;
  high: string | null;
  unit: string;
  /** Document and clause. */
  document: string;
}

export type LimitBasis = "measured" | "converted" | "mass";
export type LimitKind = "permit" | "standard";

export interface HeldSpan {
  cadence: Cadence;
  first: string;
  last: string;
}

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

// ---- GET /api/online/frames?mn=&from=&to=&verdict=&deviation=&before=&limit=  (times of receipt), /api/online/frames/{id} ----

export interface FrameList {
  frames: FrameRow[];
  /** `before` of the next page; null when there is none. */
  next: number | null;
  simulated: boolean;
}

export interface FrameRow {
  id: number;
  received: string;
  connection: number;
  peer: string;
  source: "hj212" | "mqtt";
  mn: string;
  outlet: OutletRef | null;
  st: string;
  cn: string;
  /** What the command is called; null when no table has it. */
  command: Text | null;
  qn: string;
  cadence: Cadence | null;
  data_time: string | null;
  pnum: number;
  pno: number;
  verdict: Verdict;
  /** Codes of its deviations. */
  deviations: string[];
  bytes: number;
  simulated: boolean;
}

export interface FrameDetail {
  frame: FrameRow;
  /** The bytes as text; what is not UTF-8 stands as U+FFFD and `hex` is then given. Passwords are covered with `*`. */
  raw: string;
  hex: string | null;
  /** `2005`, `2017`, `2025`; null when it cannot be told. */
  generation: string | null;
  length_ok: boolean;
  crc_ok: boolean;
  encrypted: boolean;
  deviations: FrameDeviation[];
  /** The fields before CP, as read. */
  head: FrameField[];
  /** CP: one list a group. */
  groups: FrameField[][];
  /** Other kept frames of the same message (MN, command, time, part): sent again. */
  same: number[];
  /** Whether and when it was answered 9014, 9013 or 9012. */
  answered: string | null;
}

export interface FrameField {
  name: string;
  value: string;
  /** What the field is; null when no table has it. */
  title: Text | null;
  unit: string | null;
}

export interface FrameDeviation {
  code: string;
  /** The frame cannot be relied on. */
  breaks: boolean;
  /** Document and clause that it departs from. */
  clause: Text;
  /** What stands there and what should. */
  message: Text;
}

// ---- GET /api/online/deviations?by=device|vendor&from=&to= (days), /api/online/deviations.csv with the same query ------------

export interface DeviationLedger {
  by: "device" | "vendor";
  from: string;
  to: string;
  /** Frames received in the span. */
  frames: number;
  /** Greatest count first. */
  rows: DeviationRow[];
  simulated: boolean;
}

export interface DeviationRow {
  /** MN, or the vendor's name; empty for devices without a vendor. */
  subject: string;
  /** By device: where it stands. */
  outlet: OutletRef | null;
  vendor: string | null;
  /** Devices counted here. */
  devices: number;
  code: string;
  title: Text;
  clause: Text;
  breaks: boolean;
  count: number;
  /** Frames of the subject in the span. */
  frames: number;
  first: string;
  last: string;
  /** A frame that shows it. */
  example: number;
  simulated: boolean;
}

// ---- GET /api/online/alerts?state=&outlet=&before=&limit=, POST /api/online/alerts/{id}/acknowledge (acknowledge) -----------

export type AlertState = "open" | "acknowledged" | "recovered";

export interface AlertList {
  alerts: Alert[];
  /** Of all alerts, whatever was asked. */
  counts: Record<AlertState, number>;
  /** `before` of the next page; null when there is none. */
  next: string | null;
  simulated: boolean;
}

export interface Alert {
  id: string;
  /** Id of the rule, and what kind it is: `limit`, `no-data`, … */
  rule: string;
  kind: string;
  title: Text;
  /** The whole sentence: what was seen, what is allowed, since when. */
  words: Text;
  outlet: OutletRef;
  mn: string;
  /** null for an alert that is not about one parameter. */
  parameter: Parameter | null;
  cadence: Cadence | null;
  basis: LimitBasis | null;
  unit: string;
  /** The value that raised it, the worst since, and the limit. */
  value: string | null;
  worst: string | null;
  limit: string | null;
  document: string | null;
  confidence: Confidence;
  state: AlertState;
  /** The time of the first value that counted, and the moment the rule raised it. */
  began: string;
  raised: string;
  recovered: string | null;
  acknowledged: Act | null;
  frame: number | null;
  simulated: boolean;
}

/** What a person did, when, with which words. */
export interface Act {
  who: string;
  at: string;
  note: string;
}

/** Body of acknowledge, approve, reject and withdraw. The answer is the alert, review or mark as it then is. */
export interface Note {
  note: string;
}

// ---- GET /api/online/marks?outlet=&from=&to=, POST /api/online/marks (review), POST /api/online/marks/{id}/withdraw (review) --

export interface MarkList {
  marks: Mark[];
  /** The kinds a person may set, of the marking rules. */
  kinds: MarkKind[];
  simulated: boolean;
}

export interface MarkKind {
  id: string;
  title: Text;
  confidence: Confidence;
}

export interface Mark {
  id: string;
  outlet: OutletRef;
  /** null for every device of the outlet. */
  mn: string | null;
  /** Empty for every parameter. */
  codes: string[];
  from: string;
  /** null while it lasts. */
  to: string | null;
  kind: string;
  title: Text;
  /** Set by a person, or read from the instrument's own flags. */
  source: "person" | "instrument";
  reason: string;
  evidence: string;
  who: string;
  at: string;
  withdrawn: Act | null;
  simulated: boolean;
}

/** Body of POST /api/online/marks; the answer is the Mark. */
export interface NewMark {
  outlet: string;
  mn: string | null;
  codes: string[];
  from: string;
  to: string | null;
  kind: string;
  reason: string;
  evidence: string;
}

// ---- GET /api/online/reviews?outlet=&as_of=&limit=, POST /api/online/reviews (review), …/{id}/approve|reject (approve) -------

export type ReviewState = "proposed" | "approved" | "rejected";

export interface ReviewDesk {
  /** The moment the desk is as of; null for now. */
  as_of: string | null;
  /** Runs of flagged values nobody has decided on, the newest first. */
  queue: FlaggedRun[];
  /** How many more there are beyond `queue`. */
  more: number;
  /** Proposals and decisions. */
  reviews: Review[];
  tests: QcTest[];
  parameters: Parameter[];
  simulated: boolean;
}

/** Neighbouring values of one series that the same tests did not pass. */
export interface FlaggedRun {
  outlet: OutletRef;
  mn: string;
  code: string;
  unit: string;
  cadence: Cadence;
  /** First and last value of the run, both inside. */
  first: string;
  last: string;
  count: number;
  lowest: string | null;
  highest: string | null;
  /** Worst judgement. */
  flag: QcFlag;
  /** One a test, with the words of its worst value. */
  qc: QcMark[];
  /** Frame of the first value. */
  frame: number | null;
  simulated: boolean;
}

export interface Review {
  id: string;
  outlet: OutletRef;
  mn: string;
  code: string;
  cadence: Cadence;
  first: string;
  last: string;
  count: number;
  /** What the tests said. */
  qc: QcMark[];
  /** `accept`: the flags stand; `override`: `flag` takes their place. */
  decision: "accept" | "override";
  flag: QcFlag | null;
  state: ReviewState;
  proposed: Act;
  decided: Act | null;
  simulated: boolean;
}

/** Body of POST /api/online/reviews; the answer is the Review. Who proposed may not approve: 403 `same-person`. */
export interface NewReview {
  outlet: string;
  mn: string;
  code: string;
  cadence: Cadence;
  first: string;
  last: string;
  decision: "accept" | "override";
  flag: QcFlag | null;
  reason: string;
}

// ---- GET /api/online/devices/{mn}/dialogues, POST /api/online/devices/{mn}/requests (control) --------------------------------

export interface DialogueList {
  mn: string;
  connected: boolean;
  /** What may be asked of this device's generation; the page makes its form of it. */
  requests: RequestKind[];
  dialogues: Dialogue[];
  simulated: boolean;
}

export interface RequestKind {
  /** As `history-minute`, `time-set`, `interval-realtime-get`. */
  id: string;
  /** The command it sends. */
  cn: string;
  title: Text;
  /** It changes or moves something at the site: the page asks again before it sends. */
  control: boolean;
  fields: RequestField[];
}

export interface RequestField {
  name: string;
  title: Text;
  type: "time" | "number" | "text" | "choice";
  unit: string | null;
  required: boolean;
  /** Of a number. */
  min: number | null;
  max: number | null;
  /** Of a choice. */
  choices: { value: string; title: Text }[];
  /** What stands there first; for a time ISO. */
  usual: string | null;
}

/** Body of POST …/requests: `fields` by name, a time as ISO. The answer (202) is the Dialogue; 409 `not-connected` when nobody is there. */
export interface NewRequest {
  request: string;
  fields: Record<string, string>;
}

export type DialogueState = "asked" | "accepted" | "done" | "refused" | "failed" | "timed-out";

export interface Dialogue {
  id: string;
  mn: string;
  request: string;
  title: Text;
  actor: string;
  started: string;
  ended: string | null;
  state: DialogueState;
  /** In the order they happened; data frames are told as one step each up to fifty, then counted only. */
  steps: DialogueStep[];
  /** Data frames received because of it. */
  data_frames: number;
  /** What came of it. */
  result: Text | null;
}

export interface DialogueStep {
  time: string;
  direction: "out" | "in";
  cn: string;
  raw: string;
  words: Text;
  /** Its number in the journal when it is kept there. */
  frame: number | null;
}

// ---- GET /api/online/operator ----------------------------------------------------------------------------------------------

/** Who the token is; 401 `no-operator` when nobody. */
export interface Operator {
  name: string;
  scopes: Scope[];
}

// ---- GET /api/online/stream?outlet= : server-sent events ---------------------------------------------------------------------

/**
 * Every event is `data: JSON` of one of these, without an `event:` line. `hello` comes first and after each reconnection, then
 * the page asks for its answers again; `ping` every 10 s. Alerts go out at once; values are gathered for at most a second, the
 * newest of each device and cadence. With `outlet`, values, devices, alerts and dialogues of that outlet only.
 */
export type StreamEvent =
  | { kind: "hello"; now: string; simulated: boolean }
  | { kind: "ping"; now: string }
  | { kind: "device"; device: WallDevice }
  | { kind: "values"; now: string; devices: ValuesOf[] }
  | { kind: "alert"; alert: Alert }
  | { kind: "dialogue"; dialogue: Dialogue }
  | { kind: "gateway"; health: GatewayHealth };

/** The newest values of a device. `values` has only the parameters that came. */
export interface ValuesOf {
  mn: string;
  outlet: string | null;
  cadence: Cadence;
  data_time: string;
  received: string;
  frame: number;
  frames_today: number;
  deviations_today: number;
  values: WallValue[];
}
