// The server's push of online monitoring: one event source a page, opened again when it breaks, with polling meanwhile.
import { address, get } from "./client";
import type { Alert, GatewayHealth, StreamEvent } from "./online";

const RETRY_MS = 5_000;
const POLL_MS = 10_000;
/** The server pings every 10 s; after this long without a word the connection is taken for dead. */
const SILENT_MS = 25_000;

export type LiveMode = "connecting" | "push" | "polling";

export interface Live {
  readonly mode: LiveMode;
  /** When the last event or polled answer came, by this browser's clock. */
  readonly last: number | null;
  readonly health: GatewayHealth | null;
  /** The newest alert that came by push. */
  readonly alert: Alert | null;
  /** The server's present moment, as far as its last word told. */
  now(): number;
}

export interface Listener {
  /** Only this outlet; null for all. */
  outlet?: () => string | null;
  on?: (event: StreamEvent) => void;
  /** Ask the page's answers again: the push was interrupted, or there is none. */
  again: () => void;
}

export function live({ outlet, on, again }: Listener): Live {
  let mode = $state<LiveMode>("connecting");
  let last = $state<number | null>(null);
  let health = $state.raw<GatewayHealth | null>(null);
  let alert = $state.raw<Alert | null>(null);
  let ahead = 0;
  const url = $derived(address("online/stream", { outlet: outlet?.() ?? null }));

  function word(event: StreamEvent): void {
    last = Date.now();
    if ("now" in event) ahead = Date.parse(event.now) - last;
    if (event.kind === "gateway") {
      health = event.health;
      ahead = Date.parse(event.health.now) - last;
    }
    if (event.kind === "alert") alert = event.alert;
    on?.(event);
  }

  async function askHealth(): Promise<boolean> {
    try {
      health = await get<GatewayHealth>(address("online/gateway"));
      last = Date.now();
      ahead = Date.parse(health.now) - last;
      return true;
    } catch {
      return false;
    }
  }

  $effect(() => {
    const from = url;
    let source: EventSource | null = null;
    let opened = 0;
    let heard = Date.now();
    const timers = new Set<number>();

    function open(): void {
      source?.close();
      heard = Date.now();
      source = new EventSource(from);
      source.onmessage = (message: MessageEvent<string>) => {
        heard = Date.now();
        const event = JSON.parse(message.data) as StreamEvent;
        if (event.kind === "hello") {
          opened += 1;
          // What happened while nobody listened is in the answers only.
          if (opened > 1) again();
          void askHealth();
        }
        mode = "push";
        word(event);
      };
      source.onerror = () => {
        mode = "polling";
        // A refused source stays closed; a broken one opens itself.
        if (source?.readyState === EventSource.CLOSED) timers.add(window.setTimeout(open, RETRY_MS));
      };
    }

    /** A hidden tab lets its connection go: browsers allow six a server. */
    function seen(): void {
      if (document.hidden) {
        source?.close();
        source = null;
        mode = "connecting";
      } else if (!source) open();
    }

    const watch = window.setInterval(() => {
      if (source && source.readyState !== EventSource.CLOSED && Date.now() - heard > SILENT_MS) {
        mode = "polling";
        open();
      }
    }, RETRY_MS);
    const poll = window.setInterval(() => {
      if (document.hidden || mode === "push") return;
      again();
      void askHealth();
    }, POLL_MS);
    document.addEventListener("visibilitychange", seen);
    void askHealth();
    open();
    return () => {
      document.removeEventListener("visibilitychange", seen);
      window.clearInterval(watch);
      window.clearInterval(poll);
      for (const timer of timers) window.clearTimeout(timer);
      source?.close();
    };
  });

  return {
    get mode() {
      return mode;
    },
    get last() {
      return last;
    },
    get health() {
      return health;
    },
    get alert() {
      return alert;
    },
    now: () => Date.now() + ahead,
  };
}
