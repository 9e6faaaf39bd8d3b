// The area, year and rule set the whole application looks at. They live in the address; this module adds the defaults.
import { address, asFailure, get, type Failure } from "../api/client";
import type { Area, Level, Plan, RuleSet, Statistic, Text } from "../api/types";
import { instant } from "../text/value";
import { route, setParams } from "./router.svelte";

export const IN_FORCE = "in-force";

const YEAR = /^[1-9]\d{3}$/;

interface Known {
  areas: Area[];
  rules: RuleSet[];
  plans: Record<string, Plan>;
  usual: Record<string, number>;
  failure: Failure | null;
  ready: boolean;
}

const known = $state<Known>({ areas: [], rules: [], plans: {}, usual: {}, failure: null, ready: false });

/** The latest year whose statistics are valid for a whole year; the latest year at all when none is. */
export async function usualYear(area: Area): Promise<number | null> {
  for (const year of [...area.years].sort((a, b) => b - a)) {
    const rows = await get<Statistic[]>(address("indicators", { area: area.id, year }));
    if (rows.some((row) => row.valid && row.value !== null)) return year;
  }
  return area.years.length > 0 ? Math.max(...area.years) : null;
}

async function describe(area: Area): Promise<void> {
  if (area.plan && !known.plans[area.plan]) {
    known.plans[area.plan] = await get<Plan>(address(`plans/${area.plan}`));
  }
  const plan = area.plan ? known.plans[area.plan] : undefined;
  const year = await usualYear(area);
  known.usual[area.id] = year ?? plan?.to ?? new Date().getFullYear();
}

/** Loads areas, rule sets and plans; call again after an import that may have added some. */
export async function loadPlaces(): Promise<void> {
  try {
    const [areas, rules] = await Promise.all([get<Area[]>(address("areas")), get<RuleSet[]>(address("rules"))]);
    await Promise.all(areas.map(describe));
    known.areas = areas;
    known.rules = rules;
    known.failure = null;
  } catch (cause) {
    known.failure = asFailure(cause);
  }
  known.ready = true;
}

function yearsOf(area: Area | null): number[] {
  if (!area) return [];
  const years = new Set(area.years);
  const plan = area.plan ? known.plans[area.plan] : undefined;
  if (plan) for (let year = plan.base_year; year <= plan.to; year += 1) years.add(year);
  return [...years].sort((a, b) => b - a);
}

export const place = {
  get ready(): boolean {
    return known.ready;
  },
  get failure(): Failure | null {
    return known.failure;
  },
  get areas(): Area[] {
    return known.areas;
  },
  get ruleSets(): RuleSet[] {
    return known.rules;
  },
  get area(): Area | null {
    const wanted = route.param("area");
    if (wanted) return known.areas.find((area) => area.id === wanted) ?? null;
    return known.areas[0] ?? null;
  },
  /** What the address names and nobody knows: an area, or a year that is not one; null when all is well. */
  get unknown(): { what: "area" | "year"; named: string } | null {
    const area = route.param("area");
    if (area && known.areas.length > 0 && !this.area) return { what: "area", named: area };
    const year = route.param("year");
    return year && !YEAR.test(year) ? { what: "year", named: year } : null;
  },
  get plan(): Plan | null {
    const id = this.area?.plan;
    return id ? (known.plans[id] ?? null) : null;
  },
  get years(): number[] {
    return yearsOf(this.area);
  },
  get year(): number {
    const wanted = route.param("year");
    if (wanted && YEAR.test(wanted)) return Number(wanted);
    return this.area ? this.usualYear(this.area) : new Date().getFullYear();
  },
  usualYear(area: Area): number {
    return known.usual[area.id] ?? new Date().getFullYear();
  },
  get rules(): string {
    return route.param("rules") ?? IN_FORCE;
  },
  /** The title of a rule set; its id when no title is known. */
  rulesTitle(id: string): Text | string {
    return known.rules.find((set) => set.id === id)?.title ?? id;
  },
  /** The moment whose knowledge is shown, as the address has it; null for the newest data. */
  get asOf(): string | null {
    return route.param("as_of") || null;
  },
  /** The query every computed answer takes. */
  get query(): { area: string | null; year: number; rules: string | null; as_of: string | null } {
    return { area: this.area?.id ?? null, year: this.year, rules: this.rules === IN_FORCE ? null : this.rules, as_of: this.asOf };
  },
  setArea(id: string): void {
    setParams({ area: id, year: null, date: null, hour: null, station: null });
  },
  setYear(year: number): void {
    setParams({ year, date: null, hour: null });
  },
  /** `local` is a Beijing time as `2026-01-31T08:15`; null goes back to the newest data. */
  setAsOf(local: string | null): void {
    setParams({ as_of: local ? instant(local) : null }, true);
  },
  setRules(id: string): void {
    setParams({ rules: id === IN_FORCE ? null : id });
  },
};

const levelsOf = $state<Record<string, Level[]>>({});
const asked = new Set<string>();

/** The six classes under the present rule set (or `rules`) at the end of the present year (or `year`), empty until they are loaded. */
export function levels(rules: string = place.rules, year: number = place.year): Level[] {
  const key = `${rules} ${year}`;
  if (!asked.has(key)) {
    asked.add(key);
    get<Level[]>(address("levels", { rules: rules === IN_FORCE ? null : rules, date: `${year}-12-31` })).then(
      (rows) => (levelsOf[key] = rows),
      () => asked.delete(key),
    );
  }
  return levelsOf[key] ?? [];
}

export function levelOf(level: number | null | undefined, rules: string = place.rules): Level | null {
  return levels(rules).find((row) => row.level === level) ?? null;
}
