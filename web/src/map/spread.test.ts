import { expect, it } from "vitest";
import { spread } from "./spread";

const size = { w: 42, h: 26 };

it("leaves boxes that stand alone where they are", () => {
  const spots = [{ x: 0, y: 0 }, { x: 100, y: 0 }, { x: 0, y: 60 }];
  expect(spread(spots, size)).toEqual(spots);
});

it("moves two boxes apart along the way they cover less, by half the overlap each", () => {
  // Overlap 42 − 10 = 32 of 42 across, 26 − 20 = 6 of 26 down: 3 px each, down.
  expect(spread([{ x: 0, y: 0 }, { x: 10, y: 20 }], size)).toEqual([{ x: 0, y: -3 }, { x: 10, y: 23 }]);
});

it("parts a crowd, even in one place, until none covers another", () => {
  const crowd = Array.from({ length: 12 }, (_, at) => ({ x: (at % 4) * 9, y: Math.floor(at / 4) * 7 }));
  for (const spots of [crowd, crowd.map(() => ({ x: 5, y: 5 }))]) {
    const placed = spread(spots, size);
    placed.forEach((a, at) => {
      for (const b of placed.slice(at + 1)) expect(Math.abs(a.x - b.x) >= size.w - 0.1 || Math.abs(a.y - b.y) >= size.h - 0.1).toBe(true);
    });
  }
});
