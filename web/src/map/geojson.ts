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
