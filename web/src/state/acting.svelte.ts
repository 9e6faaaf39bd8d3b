// One thing a person does on a page: whether it is under way, and what came of it when it failed.
import { asFailure, type Failure } from "../api/client";

export interface Acting {
  readonly busy: boolean;
  readonly failure: Failure | null;
  /** Does `work`; its failure is kept to be shown. */
  run(work: () => Promise<void>): Promise<void>;
}

export function acting(): Acting {
  let busy = $state(false);
  let failure = $state.raw<Failure | null>(null);
  return {
    get busy() {
      return busy;
    },
    get failure() {
      return failure;
    },
    async run(work) {
      busy = true;
      failure = null;
      try {
        await work();
      } catch (cause) {
        failure = asFailure(cause);
      }
      busy = false;
    },
  };
}
