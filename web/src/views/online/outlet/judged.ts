// How judged values are printed: the converted one where there is one, for limits are of it.
import type { InstrumentResult, JudgedResult, Rate } from "../../../api/online";

export function shownOf(result: JudgedResult | InstrumentResult | null): string | null {
  return result === null ? null : (result.converted ?? result.value);
}

export function percentOf(rate: Rate): string {
  return rate.percent === null ? "—" : `${rate.percent} %`;
}

export function rateText(rate: Rate): string {
  return `${rate.n} / ${rate.of}`;
}
