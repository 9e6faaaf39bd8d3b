import { expect, it } from "vitest";
import { inkOn, luminance } from "./color";

it("takes black on yellow and white on maroon", () => {
  // WCAG 2.2, relative luminance: yellow 0.9278, white 1, black 0.
  expect(luminance("#ffff00")).toBeCloseTo(0.9278, 4);
  expect(luminance("#ffffff")).toBeCloseTo(1, 6);
  expect(inkOn("#ffff00")).toBe("#000000");
  expect(inkOn("#00e400")).toBe("#000000");
  expect(inkOn("#ff7e00")).toBe("#000000");
  // White on #ff0000: 1.05 / (0.2126 + 0.05) = 4.0.
  expect(inkOn("#ff0000")).toBe("#ffffff");
  expect(inkOn("#99004c")).toBe("#ffffff");
  expect(inkOn("#7e0023")).toBe("#ffffff");
});
