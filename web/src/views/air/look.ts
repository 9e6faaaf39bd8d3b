// How a station is shown on the map: figure, words and colours of its class.
import type { StationPoint } from "../../api/types";
import { t, tx } from "../../i18n/index.svelte";
import { levelOf } from "../../state/place.svelte";
import { inkOn } from "../../text/color";
import type { Look } from "../../map/markers";

export function lookOf(point: StationPoint, chosen: boolean): Look {
  const row = levelOf(point.level);
  const color = point.color ?? row?.color ?? null;
  return {
    station: point.station,
    name: tx(point.name),
    figure: point.aqi === null ? "–" : String(point.aqi),
    words: point.aqi === null ? t("none.short") : `AQI ${point.aqi} ${tx(row?.class)}`,
    color,
    ink: color ? inkOn(color) : null,
    chosen,
    lon: point.lon ?? 0,
    lat: point.lat ?? 0,
  };
}
