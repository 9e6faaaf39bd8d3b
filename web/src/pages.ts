// Which view an address names. Views are loaded when they are first shown.
import type { Component } from "svelte";

export interface Page {
  name: keyof typeof views;
  props: Record<string, unknown>;
  load: () => Promise<{ default: Component<Record<string, unknown>> }>;
}

type Loader = () => Promise<{ default: Component<Record<string, unknown>> }>;

const views = {
  overview: () => import("./views/overview/Overview.svelte"),
  indicator: () => import("./views/indicator/PlanIndicator.svelte"),
  "air-indicator": () => import("./views/indicator/AirIndicator.svelte"),
  air: () => import("./views/air/Air.svelte"),
  medium: () => import("./views/media/Medium.svelte"),
  "media-point": () => import("./views/media/point/MediaPoint.svelte"),
  coverage: () => import("./views/coverage/Coverage.svelte"),
  compare: () => import("./views/compare/Compare.svelte"),
  import: () => import("./views/import/Import.svelte"),
  rules: () => import("./views/rules/Rules.svelte"),
  online: () => import("./views/online/OnlineWall.svelte"),
  "online-outlet": () => import("./views/online/outlet/OutletView.svelte"),
  "online-alerts": () => import("./views/online/Alerts.svelte"),
  "online-review": () => import("./views/online/review/ReviewDesk.svelte"),
  "online-deviations": () => import("./views/online/Deviations.svelte"),
  "online-frames": () => import("./views/online/Frames.svelte"),
};

function named(name: Page["name"], props: Record<string, unknown> = {}): Page {
  return { name, props, load: views[name] as unknown as Loader };
}

/** A part of the path as text, or null when its percent signs are not UTF-8. */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** The page at `path`, or null when there is none. */
export function pageOf(path: string): Page | null {
  const [first = "", second, ...more] = path.split("/").filter((part) => part !== "");
  if (first === "online") return onlinePage(second, more);
  if (first === "media") return mediaPage(second, more);
  if (first === "plan") return second === "coverage" && more.length === 0 ? named("coverage") : null;
  if (more.length > 0) return null;
  if (first === "") return named("overview");
  if (first === "indicator" && second && /^\d+$/.test(second)) return named("indicator", { no: Number(second) });
  if (first === "air-indicator" && second) {
    const id = decoded(second);
    return id === null ? null : named("air-indicator", { id });
  }
  if (second !== undefined) return null;
  if (first === "air" || first === "compare" || first === "import" || first === "rules") return named(first);
  return null;
}

function onlinePage(second: string | undefined, [third, ...more]: string[]): Page | null {
  if (more.length > 0) return null;
  if (second === undefined) return named("online");
  if (second === "outlet" && third) {
    const code = decoded(third);
    return code === null ? null : named("online-outlet", { code });
  }
  if (third !== undefined) return null;
  return second === "alerts" || second === "review" || second === "deviations" || second === "frames" ? named(`online-${second}`) : null;
}

function mediaPage(second: string | undefined, [third, ...more]: string[]): Page | null {
  if (more.length > 0) return null;
  if (second === undefined) return named("medium", { medium: null });
  const medium = decoded(second);
  if (medium === null) return null;
  if (third === undefined) return named("medium", { medium });
  const code = decoded(third);
  return code === null ? null : named("media-point", { medium, code });
}
