// Turns addresses of the HTTP API into typed answers, and every failure into a Failure the pages can show in plain words.
import type { Text } from "./types";

/** A request that did not succeed: what the server said, or why it could not be reached. */
export class Failure extends Error {
  constructor(
    readonly code: string,
    readonly text: Text,
    readonly status: number | null,
  ) {
    super(text.en);
  }
}

export const UNREACHABLE: Text = {
  zh: "连不上服务器。请确认境策服务正在运行，然后重试。",
  en: "The server cannot be reached. Check that Jingce is running, then try again.",
};

export type Query = Record<string, string | number | null | undefined>;

/** `/api/…` with the given query; null, undefined and empty values are left out. */
export function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `/api/${path}?${text}` : `/api/${path}`;
}

/** Reads the server's error body; a body in another form becomes a sentence with the status code. */
export async function failureOf(response: Response): Promise<Failure> {
  try {
    const body = (await response.json()) as { code?: string; message?: Text | string };
    const message = typeof body.message === "string" ? { zh: body.message, en: body.message } : body.message;
    if (message) return new Failure(body.code ?? "error", message, response.status);
  } catch {
    // The body is not JSON; the sentence below stands for it.
  }
  const status = response.status;
  return new Failure(
    "http",
    { zh: `服务器以状态码 ${status} 拒绝了请求。请重试；若仍如此，请查看服务日志。`, en: `The server refused the request with status ${status}. Try again; if it stays so, look at the server's log.` },
    status,
  );
}

export async function request(url: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    if (init?.signal?.aborted) throw cause;
    throw new Failure("unreachable", UNREACHABLE, null);
  }
  if (!response.ok) throw await failureOf(response);
  return response;
}

export async function get<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await request(url, signal ? { signal } : {});
  if (!(response.headers.get("content-type") ?? "").includes("json")) {
    const text = { zh: `服务器没有提供 ${url}（答复不是 JSON）。`, en: `The server does not offer ${url} (the answer is not JSON).` };
    throw new Failure("not-json", text, response.status);
  }
  return (await response.json()) as T;
}

export function asFailure(cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new Failure("page", { zh: `页面出错：${detail}。请刷新页面。`, en: `The page failed: ${detail}. Reload it.` }, null);
}
