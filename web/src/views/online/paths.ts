// Addresses of online pages that others link to.
import type { WallDevice } from "../../api/online";
import { href } from "../../state/router.svelte";

export function outletPath(code: string, extra: Record<string, string | number | null> = {}): string {
  return href(`/online/outlet/${encodeURIComponent(code)}`, extra);
}

/** A device's outlet; the frames of a device that no register has. */
export function pathOf(device: WallDevice): string {
  return device.outlet ? outletPath(device.outlet.code) : href("/online/frames", { mn: device.mn });
}
