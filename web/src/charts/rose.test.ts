import { expect, it } from "vitest";
import type { Wind } from "../api/types";
import { POINTS, shares } from "./rose";

it("turns counts into shares that, with the calm hours, make the whole", () => {
  const wind: Wind = {
    stations: ["a"],
    calm_share: 0.5,
    sectors: 16,
    bins: [
      { label: "<2", from: 0, to: 2 },
      { label: "≥2", from: 2, to: null },
    ],
    counts: POINTS.map((_, at) => (at === 0 ? [30, 10] : at === 8 ? [10, 0] : [0, 0])),
    pollutant: null,
    hours: 100,
  };
  const result = shares(wind);
  expect(result[0]?.[0]).toBe(30);
  expect(result[1]?.[0]).toBe(10);
  expect(result.flat().reduce((sum, part) => sum + part, 0)).toBe(50);
});
