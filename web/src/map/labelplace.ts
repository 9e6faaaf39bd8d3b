// Where the name of a shape stands on the visible part of the map: inside the shape, inside the frame, on nothing else.
import type { Size, Spot } from "./spread";

export type Ring = Spot[];

/** A box by its centre. */
export interface Box extends Spot, Size {}

const STEPS = 28;

/** Whether `spot` lies inside the rings (even-odd rule, so holes count as outside). */
export function inside(rings: Ring[], spot: Spot): boolean {
  let within = false;
  for (const ring of rings) {
    ring.forEach((a, at) => {
      const b = ring[(at + 1) % ring.length] ?? a;
      if (a.y > spot.y !== b.y > spot.y && spot.x < ((b.x - a.x) * (spot.y - a.y)) / (b.y - a.y) + a.x) within = !within;
    });
  }
  return within;
}

export function covers(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) < (a.w + b.w) / 2 && Math.abs(a.y - b.y) < (a.h + b.h) / 2;
}

/** The free place of a grid over the frame nearest to the middle of the shape's visible part, with `whole` only where the name lies inside the shape; null when there is none. */
export function labelPlace(rings: Ring[], frame: Size, size: Size, taken: Box[], whole = false): Spot | null {
  const seen: Spot[] = [];
  for (let row = 1; row < STEPS; row += 1) {
    for (let column = 1; column < STEPS; column += 1) {
      const spot = { x: (frame.w * column) / STEPS, y: (frame.h * row) / STEPS };
      if (inside(rings, spot)) seen.push(spot);
    }
  }
  if (seen.length === 0) return null;
  const x = seen.reduce((sum, spot) => sum + spot.x, 0) / seen.length;
  const y = seen.reduce((sum, spot) => sum + spot.y, 0) / seen.length;
  const middle = inside(rings, { x, y }) ? [{ x, y }] : [];
  const far = (spot: Spot) => (spot.x - x) ** 2 + (spot.y - y) ** 2;
  return [...middle, ...seen.sort((a, b) => far(a) - far(b))].find((spot) => free(spot, frame, size, taken) && (!whole || holds(rings, spot, size))) ?? null;
}

function holds(rings: Ring[], spot: Spot, size: Size): boolean {
  return [-1, 1].every((side) => inside(rings, { x: spot.x + (side * size.w) / 2, y: spot.y - size.h / 2 }) && inside(rings, { x: spot.x + (side * size.w) / 2, y: spot.y + size.h / 2 }));
}

function free(spot: Spot, frame: Size, size: Size, taken: Box[]): boolean {
  const box = { ...spot, ...size };
  const within = spot.x - size.w / 2 > 2 && spot.x + size.w / 2 < frame.w - 2 && spot.y - size.h / 2 > 2 && spot.y + size.h / 2 < frame.h - 2;
  return within && !taken.some((other) => covers(box, other));
}
