// Shapes of what people do: alerts, marks, reviews, dialogues; the rules for all of them stand in online.ts, from which they are imported.
import type { QcMark, QcTest } from "./online-values";
import type { Cadence, LimitBasis, OutletRef, Parameter, QcFlag } from "./online";
import type { Confidence, Text } from "./types";

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
