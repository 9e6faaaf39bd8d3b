import { describe, expect, it } from "vitest";
import { runs, unicode } from "./chem";

describe("runs", () => {
  it("lowers the index of a formula and raises the power of a unit", () => {
    expect(runs("PM2.5")).toEqual([
      { text: "PM", place: "base" },
      { text: "2.5", place: "sub" },
    ]);
    expect(unicode("µg/m3")).toBe("µg/m³");
    expect(unicode("km2")).toBe("km²");
    expect(unicode("细颗粒物（PM2.5）浓度，O3 与 SO2")).toBe("细颗粒物（PM₂.₅）浓度，O₃ 与 SO₂");
  });
  it("leaves standards, identifiers and plain numbers alone", () => {
    for (const text of ["GB 3095-2012", "HJ 212", "T01", "M10", "2016", "µg/m³", "ROO3", "CO"]) expect(unicode(text)).toBe(text);
  });
  it("keeps every character", () => {
    const text = "NO2 1 h, PM10 (24 h), 5 m3";
    expect(runs(text).map((run) => run.text).join("")).toBe(text);
  });
});
