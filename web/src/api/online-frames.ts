// Shapes of raw frames and of the ledger of deviations; the rules for all of them stand in online.ts, from which they are imported.
import type { Cadence, OutletRef, Verdict } from "./online";
import type { Text } from "./types";

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
