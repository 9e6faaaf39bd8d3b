// Boundaries and rivers of an area -> a MapLibre map without any outside source. Loaded only by pages that show one.
import { Map as MapView, Marker, NavigationControl, setWorkerUrl, LngLatBounds } from "maplibre-gl";
import type { StyleSpecification } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { FeatureCollection, Geometry, Position } from "./geojson";

// MapLibre 6 looks for its worker at an address bundlers do not see; without this the map stays empty.
setWorkerUrl(workerUrl);

export interface MapInk {
  ground: string;
  land: string;
  outer: string;
  line: string;
  border: string;
  river: string;
}

export function inkOf(element: Element): MapInk {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    ground: token("--ground"),
    land: token("--map-land"),
    outer: token("--map-outer"),
    line: token("--map-line"),
    border: token("--map-border"),
    river: token("--river"),
  };
}

const kind = (...kinds: string[]) => ["in", ["get", "kind"], ["literal", kinds]];

function styleOf(shapes: FeatureCollection, ink: MapInk): StyleSpecification {
  const layers = [
    { id: "ground", type: "background", paint: { "background-color": ink.ground } },
    { id: "outer", type: "fill", source: "area", filter: kind("neighbour"), paint: { "fill-color": ink.outer, "fill-outline-color": ink.line } },
    { id: "land", type: "fill", source: "area", filter: kind("city", "district"), paint: { "fill-color": ink.land } },
    // A river in a class's colour gets an edge, so that a light colour is seen on light ground.
    { id: "river-edges", type: "line", source: "area", filter: ["all", kind("river"), ["has", "color"]], layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": ink.border, "line-width": ["interpolate", ["linear"], ["zoom"], 7, 4.6, 11, 8] } },
    { id: "rivers", type: "line", source: "area", filter: kind("river"), layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": ["coalesce", ["get", "color"], ink.river], "line-width": ["interpolate", ["linear"], ["zoom"], 7, ["case", ["has", "color"], 2.8, 1.6], 11, ["case", ["has", "color"], 5.5, 4]] } },
    { id: "districts", type: "line", source: "area", filter: kind("district"), paint: { "line-color": ink.line, "line-width": 1.2, "line-dasharray": [3, 2] } },
    { id: "city", type: "line", source: "area", filter: kind("city"), paint: { "line-color": ink.border, "line-width": 2.6 } },
  ];
  return { version: 8, sources: { area: { type: "geojson", data: shapes } }, layers } as unknown as StyleSpecification;
}

function positions(geometry: Geometry): Position[] {
  const found: Position[] = [];
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "number") found.push(part as Position);
    else part.forEach(walk);
  };
  walk(geometry.coordinates);
  return found;
}

/** The box around the given places, or null when there are none. */
export function boundsOf(places: Position[]): LngLatBounds | null {
  if (places.length === 0) return null;
  const bounds = new LngLatBounds();
  for (const [lon, lat] of places) bounds.extend([lon, lat]);
  return bounds;
}

/** The area itself (city, else districts) as the part of the map to look at. */
export function home(shapes: FeatureCollection): Position[] {
  const of = (wanted: string) => shapes.features.filter((feature) => feature.properties.kind === wanted);
  const chosen = of("city").length > 0 ? of("city") : of("district");
  return chosen.flatMap((feature) => positions(feature.geometry));
}

export function makeMap(box: HTMLElement, shapes: FeatureCollection, ink: MapInk, names: { zoomIn: string; zoomOut: string }): MapView {
  const view = new MapView({
    container: box,
    style: styleOf(shapes, ink),
    center: [104.6, 30.1],
    zoom: 7,
    attributionControl: false,
    cooperativeGestures: false,
    dragRotate: false,
    pitchWithRotate: false,
    locale: { "NavigationControl.ZoomIn": names.zoomIn, "NavigationControl.ZoomOut": names.zoomOut },
  });
  view.addControl(new NavigationControl({ showCompass: false }), "top-right");
  return view;
}

export function mark(view: MapView, element: HTMLElement, lon: number, lat: number): Marker {
  return new Marker({ element, anchor: "center" }).setLngLat([lon, lat]).addTo(view);
}

export type { MapView, Marker };
