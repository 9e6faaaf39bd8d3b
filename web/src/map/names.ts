// Names of districts, neighbours and rivers as text on the map, arranged anew whenever the view changes.
import type { FeatureCollection, Position } from "./geojson";
import { labelPlace, type Box, type Ring } from "./labelplace";
import { mark, type MapView, type Marker } from "./map";
import type { Spot } from "./spread";

const ORDER = ["district", "river", "neighbour"];

export interface Names {
  arrange: (taken: Box[]) => void;
  remove: () => void;
}

export function nameShapes(view: MapView, shapes: FeatureCollection): Names {
  const named = shapes.features.filter((feature) => feature.properties.name && ORDER.includes(feature.properties.kind));
  named.sort((a, b) => ORDER.indexOf(a.properties.kind) - ORDER.indexOf(b.properties.kind));
  const placed = named.map((feature) => {
    const text = document.createElement("span");
    text.className = `map-label ${feature.properties.kind}`;
    text.textContent = feature.properties.name;
    return { feature, text, marker: mark(view, text, 0, 0) };
  });

  function arrange(taken: Box[]): void {
    const box = view.getContainer();
    const frame = { w: box.clientWidth, h: box.clientHeight };
    const full = [...taken];
    for (const { feature, text, marker } of placed) {
      const size = { w: text.offsetWidth + 6, h: text.offsetHeight + 2 };
      const spot = feature.geometry.type === "LineString" ? onLine(view, feature.geometry.coordinates as Position[], frame, size, full) : labelPlace(ringsOf(view, feature.geometry), frame, size, full, feature.properties.kind === "neighbour");
      text.classList.toggle("hidden", spot === null);
      if (!spot) continue;
      full.push({ ...spot, ...size });
      move(view, marker, spot);
    }
  }
  return { arrange, remove: () => placed.forEach(({ marker }) => marker.remove()) };
}

function move(view: MapView, marker: Marker, spot: Spot): void {
  marker.setLngLat(view.unproject([spot.x, spot.y]));
}

function ringsOf(view: MapView, geometry: { type: string; coordinates: unknown }): Ring[] {
  const polygons = (geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates]) as Position[][][];
  return polygons.flat().map((ring) => ring.map((position) => view.project(position)));
}

/** The free vertex of a line nearest to the middle of the frame. */
function onLine(view: MapView, line: Position[], frame: { w: number; h: number }, size: { w: number; h: number }, taken: Box[]): Spot | null {
  const far = (spot: Spot) => (spot.x - frame.w / 2) ** 2 + (spot.y - frame.h / 2) ** 2;
  const seen = line.map((position) => view.project(position)).sort((a, b) => far(a) - far(b));
  for (const { x, y } of seen) {
    const place = labelPlace([rectangle(x + size.w / 2 + 8, y, size)], frame, size, taken);
    if (place) return place;
  }
  return null;
}

/** A patch a little larger than a name beside a line, which `labelPlace` searches. */
function rectangle(x: number, y: number, size: { w: number; h: number }): Ring {
  const w = Math.max(size.w / 2, 18);
  return [{ x: x - w, y: y - 14 }, { x: x + w, y: y - 14 }, { x: x + w, y: y + 14 }, { x: x - w, y: y + 14 }];
}
