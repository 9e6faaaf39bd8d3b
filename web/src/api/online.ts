// The shapes of the online-monitoring answers and requests under /api/online, as the server gives and takes them.
//
// Everywhere: a measured or computed number is a string with the decimals it is printed with, null when there is none; counts,
// bytes and numbers of frames are JSON numbers. A moment is ISO 8601 with +08:00; a period is named by its start. A span is
// `from` (inside) to `to` (outside); a day is `YYYY-MM-DD`, and a span of days has both inside. Lists come newest first unless said.
// A refusal is `{ code, message }`, as everywhere. Reads need nobody; writes need `Authorization: Bearer TOKEN`: 401
// `no-operator` without a known one, 403 `no-scope` when its scopes do not allow it. `simulated` is true when any of the data is.
import type { Alert, Dialogue, Mark } from "./online-acts";
import type { Text } from "./types";

export type * from "./online-acts";
export type * from "./online-frames";
export type * from "./online-values";

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
