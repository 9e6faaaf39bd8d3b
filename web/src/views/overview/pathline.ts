// Places base, target and present value of an indicator in a box of 240 × 34.
import type { PlanRow } from "../../api/types";

export interface Spot {
  x: number;
  y: number;
}

export interface PathDrawing {
  base: Spot;
  target: Spot;
  value: Spot | null;
  year: number;
}

const WIDTH = 240;
const EDGE = 8;
const TOP = 6;
const BOTTOM = 28;

/** Null when base or target is not a number; higher values stand higher. */
export function place2d(row: PlanRow, baseYear: number, year: number): PathDrawing | null {
  const base = row.base.number;
  const target = row.target.number;
  if (base === null || target === null || row.target_year <= baseYear) return null;
  const value = row.value?.number ?? null;
  const all = value === null ? [base, target] : [base, target, value];
  const low = Math.min(...all);
  const span = Math.max(...all) - low;
  const x = (at: number) => EDGE + ((WIDTH - 2 * EDGE) * clamp((at - baseYear) / (row.target_year - baseYear)));
  const y = (v: number) => (span === 0 ? (TOP + BOTTOM) / 2 : BOTTOM - ((BOTTOM - TOP) * (v - low)) / span);
  return {
    base: { x: x(baseYear), y: y(base) },
    target: { x: x(row.target_year), y: y(target) },
    value: value === null || row.value_year === null ? null : { x: x(row.value_year), y: y(value) },
    year: x(year),
  };
}

function clamp(part: number): number {
  return Math.max(0, Math.min(1, part));
}
