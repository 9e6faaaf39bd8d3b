import { expect, it } from "vitest";
import { inside, labelPlace } from "./labelplace";

const frame = { w: 400, h: 300 };
const name = { w: 40, h: 16 };
const square = (x: number, y: number, side: number) => [{ x, y }, { x: x + side, y }, { x: x + side, y: y + side }, { x, y: y + side }];

it("knows inside from outside, and a hole as outside", () => {
  const rings = [square(0, 0, 100), square(40, 40, 20)];
  expect(inside(rings, { x: 20, y: 20 })).toBe(true);
  expect(inside(rings, { x: 50, y: 50 })).toBe(false);
  expect(inside(rings, { x: 120, y: 20 })).toBe(false);
});

it("puts a name in the middle of the part that is seen", () => {
  // Seen of the square: x 300 … 400, y 100 … 200.
  const place = labelPlace([square(300, 100, 100)], frame, name, []);
  expect(place!.x).toBeGreaterThan(330);
  expect(place!.x).toBeLessThan(370);
  expect(Math.abs(place!.y - 150)).toBeLessThan(12);
});

it("keeps names whole inside the frame and off what is there already", () => {
  const place = labelPlace([square(-100, 0, 115)], frame, name, []);
  expect(place).toBeNull(); // 15 px are seen, the name needs 40
  const moved = labelPlace([square(0, 0, 200)], frame, name, [{ x: 100, y: 100, w: 60, h: 40 }]);
  expect(Math.abs(moved!.x - 100) >= 50 || Math.abs(moved!.y - 100) >= 28).toBe(true);
});
