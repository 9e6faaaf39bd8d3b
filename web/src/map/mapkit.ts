// Everything the map needs with MapLibre behind it, so that one import loads it when a map is first shown.
export { boundsOf, home, inkOf, makeMap } from "./map";
export { arrange, placeStations } from "./markers";
export { nameShapes } from "./names";
