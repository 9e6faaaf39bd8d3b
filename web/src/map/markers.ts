// Stations as buttons on the map, each tied to its place by a thin line when it had to make room for others.
import { spread, type Size, type Spot } from "./spread";
import { covers, type Box } from "./labelplace";
import { mark, type MapView, type Marker } from "./map";

export interface Look {
  station: string;
  name: string;
  figure: string;
  words: string;
  color: string | null;
  ink: string | null;
  chosen: boolean;
  /** A small dot without a figure, at its own place: for media with very many points. */
  dot?: boolean;
  lon: number;
  lat: number;
}

/** A station on the map: its button, and beneath all buttons the line from there to its place. */
export interface Placed {
  marker: Marker;
  stem: Marker;
  look: Look;
}

function element(look: Look, choose: (station: string) => void): HTMLElement {
  const made = document.createElement("div");
  made.className = "map-station";
  made.classList.toggle("chosen", look.chosen);
  made.classList.toggle("dot", look.dot === true);
  const button = document.createElement("button");
  button.type = "button";
  button.dataset["testid"] = "station-marker";
  button.dataset["station"] = look.station;
  button.setAttribute("aria-label", `${look.name}, ${look.words}`);
  button.setAttribute("aria-pressed", String(look.chosen));
  button.title = `${look.name} · ${look.words}`;
  if (!look.dot) button.textContent = look.figure;
  if (look.color) button.style.background = look.color;
  if (look.ink) button.style.color = look.ink;
  button.addEventListener("click", () => choose(look.station));
  const name = document.createElement("span");
  name.textContent = look.name;
  made.append(button, name);
  return made;
}

export function placeStations(view: MapView, looks: Look[], choose: (station: string) => void): Placed[] {
  return looks.map((look) => {
    const line = document.createElement("i");
    line.className = "map-stem";
    return { look, stem: mark(view, line, look.lon, look.lat), marker: mark(view, element(look, choose), look.lon, look.lat) };
  });
}

/** Gives every station room at the map's present zoom; answers the boxes they take. Names are shown where all of them fit unmoved. */
export function arrange(view: MapView, placed: Placed[], size: Size): Box[] {
  if (placed.some(({ look }) => look.dot)) return [];
  const at = placed.map(({ look }): Spot => view.project([look.lon, look.lat]));
  const wide = { w: size.w + 30, h: size.h + 20 };
  const named = at.every((spot, i) => at.slice(i + 1).every((other) => !covers({ ...spot, ...wide }, { ...other, ...wide })));
  const room = named ? wide : size;
  const to = spread(at, room);
  return placed.map(({ marker, stem }, i) => {
    const from = at[i] ?? { x: 0, y: 0 };
    const spot = to[i] ?? from;
    const dx = spot.x - from.x;
    const dy = spot.y - from.y;
    const style = marker.getElement().style;
    style.setProperty("--dx", `${dx.toFixed(1)}px`);
    style.setProperty("--dy", `${dy.toFixed(1)}px`);
    const line = stem.getElement().style;
    line.setProperty("--stem", `${Math.hypot(dx, dy).toFixed(1)}px`);
    line.setProperty("--turn", `${Math.atan2(dy, dx).toFixed(4)}rad`);
    marker.getElement().classList.toggle("named", named);
    return { ...spot, ...room };
  });
}
