// The address bar as state: path and query, moved by links and by `go`. Every view of the application is a deep link.

const here = $state({ path: location.pathname, query: location.search });

function read(): void {
  here.path = location.pathname;
  here.query = location.search;
}

export const route = {
  get path(): string {
    return here.path;
  },
  param(name: string): string | null {
    return new URLSearchParams(here.query).get(name);
  },
};

/** Parameters that travel from page to page. */
const CARRIED = ["area", "year", "rules", "as_of"];

/** `path` with the carried parameters and `extra`; null in `extra` takes a parameter out. */
export function href(path: string, extra: Record<string, string | number | null> = {}): string {
  const old = new URLSearchParams(here.query);
  const next = new URLSearchParams();
  for (const name of CARRIED) {
    const value = old.get(name);
    if (value !== null) next.set(name, value);
  }
  for (const [name, value] of Object.entries(extra)) {
    if (value === null) next.delete(name);
    else next.set(name, String(value));
  }
  const text = next.toString();
  return text ? `${path}?${text}` : path;
}

export function go(to: string, replace = false): void {
  const moved = new URL(to, location.href).pathname !== location.pathname;
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  read();
  if (moved) window.scrollTo(0, 0);
}

/** Changes parameters of the present page, keeping its other ones. */
export function setParams(change: Record<string, string | number | null>, replace = false): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value === null) next.delete(name);
    else next.set(name, String(value));
  }
  const text = next.toString();
  go(text ? `${location.pathname}?${text}` : location.pathname, replace);
}

/** Makes ordinary links move within the page; modified clicks, downloads and foreign addresses stay the browser's. */
export function followLinks(): void {
  window.addEventListener("popstate", read);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest("a");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.pathname.startsWith("/api/") || (link.hash && link.pathname === location.pathname)) return;
    event.preventDefault();
    go(link.href);
  });
}
