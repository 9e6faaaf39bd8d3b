// The part of GeoJSON (RFC 7946) the map of an area uses.
export type Position = [number, number];

export interface Geometry {
  type: string;
  coordinates: unknown;
}

export interface Feature {
  type: "Feature";
  properties: { name: string; kind: "city" | "district" | "neighbour" | "river" | string; color?: string };
  geometry: Geometry;
}

export interface FeatureCollection {
  type: "FeatureCollection";
  features: Feature[];
}

/** A map with the given rivers in place of its own when there are any, each in the colour of its name when it has one. */
export function withRivers(map: FeatureCollection, given: Feature[], colors: Record<string, string>): FeatureCollection {
  const own = map.features.filter((shape) => shape.properties.kind === "river");
  const rest = map.features.filter((shape) => shape.properties.kind !== "river");
  const rivers = (given.length > 0 ? given : own).map((river) => {
    const color = colors[river.properties.name];
    return color ? { ...river, properties: { ...river.properties, color } } : river;
  });
  return { ...map, features: [...rest, ...rivers] };
}
