// 模拟: what the parts of the simulated server share.
export interface Ask {
  path: string;
  query: URLSearchParams;
  method: string;
  /** The JSON sent, null without one. */
  body: unknown;
  /** The operator's token, null without one. */
  token: string | null;
}

export type Answer = { status: number; body: unknown } | null;

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const two = (zh: string, en: string) => ({ zh, en });
export const refuse = (status: number, code: string, zh: string, en: string) => ({ status, body: { code, message: two(zh, en) } });

/** A number in 0 … 1 that depends only on `seed`, so that reloads show the same page. */
export function noise(seed: string): number {
  let hash = 2166136261;
  for (const c of seed) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
  return ((hash ^ (hash >>> 13)) >>> 0) / 4294967296;
}

export function datesOf(year: number): string[] {
  const found: string[] = [];
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 86_400_000) found.push(new Date(at).toISOString().slice(0, 10));
  return found;
}
