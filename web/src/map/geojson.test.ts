import { expect, it } from "vitest";
import { withRivers, type Feature } from "./geojson";

const shape = (name: string, kind: string): Feature => ({ type: "Feature", properties: { name, kind }, geometry: { type: "LineString", coordinates: [] } });
const map = { type: "FeatureCollection" as const, features: [shape("沱江", "river"), shape("资阳市", "city")] };
const told = (features: Feature[]) => features.map(({ properties }) => [properties.name, properties.color]);

it("draws the rivers that are given, else the map's own, in the colour of their name", () => {
  expect(told(withRivers(map, [], { 沱江: "#00B050" }).features)).toEqual([["资阳市", undefined], ["沱江", "#00B050"]]);
  expect(told(withRivers(map, [shape("琼江", "river")], { 沱江: "#00B050" }).features)).toEqual([["资阳市", undefined], ["琼江", undefined]]);
});
