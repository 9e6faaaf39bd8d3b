// Moves boxes that cover each other apart, so that every station's figure on the map can be read.

export interface Spot {
  x: number;
  y: number;
}

export interface Size {
  w: number;
  h: number;
}

const ROUNDS = 200;

/** Centres for boxes of `size` near `spots`, none covering another; a box that stands alone stays where it is. */
export function spread(spots: Spot[], size: Size): Spot[] {
  const placed = spots.map((spot) => ({ ...spot }));
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = false;
    placed.forEach((a, at) => {
      placed.slice(at + 1).forEach((b, later) => {
        moved = part(a, b, size, later % 2 === 0) || moved;
      });
    });
    if (!moved) break;
  }
  return placed;
}

/** Pushes two boxes apart along the way on which they cover less of each other, `across` when that is equal; false when they do not touch. */
function part(a: Spot, b: Spot, size: Size, across: boolean): boolean {
  const overX = size.w - Math.abs(b.x - a.x);
  const overY = size.h - Math.abs(b.y - a.y);
  if (overX <= 0.01 || overY <= 0.01) return false;
  const lean = overX / size.w - overY / size.h;
  if (lean < 0 || (lean === 0 && across)) {
    const by = (overX / 2) * (b.x < a.x ? -1 : 1);
    a.x -= by;
    b.x += by;
  } else {
    const by = (overY / 2) * (b.y < a.y ? -1 : 1);
    a.y -= by;
    b.y += by;
  }
  return true;
}
