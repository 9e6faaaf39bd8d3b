// Keeps one answer of the API in step with an address that depends on the page's state.
import { asFailure, get, type Failure } from "./client";

export interface Resource<T> {
  readonly data: T | null;
  readonly failure: Failure | null;
  readonly loading: boolean;
  again(): void;
}

/**
 * Loads `url()` now and whenever it changes; null means there is nothing to load.
 * With `keep`, the previous answer stays visible while the next one is under way.
 */
export function resource<T>(url: () => string | null, keep = false): Resource<T> {
  let data = $state.raw<T | null>(null);
  let failure = $state.raw<Failure | null>(null);
  let loading = $state(false);
  let round = $state(0);

  // Derived, so that a change of the page's state that leaves the address alone loads nothing.
  const wanted = $derived(url());

  $effect(() => {
    const from = wanted;
    void round;
    if (!keep || from === null) data = null;
    failure = null;
    loading = from !== null;
    if (from === null) return;
    const control = new AbortController();
    get<T>(from, control.signal).then(
      (answer) => {
        if (control.signal.aborted) return;
        data = answer;
        loading = false;
      },
      (cause: unknown) => {
        if (control.signal.aborted) return;
        data = null;
        failure = asFailure(cause);
        loading = false;
      },
    );
    return () => control.abort();
  });

  return {
    get data() {
      return data;
    },
    get failure() {
      return failure;
    },
    get loading() {
      return loading;
    },
    again: () => {
      round += 1;
    },
  };
}
