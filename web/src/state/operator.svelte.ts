// Who writes: the operator's token, kept for this tab only, what the server says it may do, and requests sent with it.
import { address, asFailure, Failure, request } from "../api/client";
import type { Operator, Scope } from "../api/online";

const KEY = "jingce.operator";
const known = $state<{ token: string | null; who: Operator | null; failure: Failure | null; busy: boolean; asking: boolean }>({
  token: sessionStorage.getItem(KEY),
  who: null,
  failure: null,
  busy: false,
  asking: false,
});
let checked = false;

export const operator = {
  get who(): Operator | null {
    return known.who;
  },
  get failure(): Failure | null {
    return known.failure;
  },
  get busy(): boolean {
    return known.busy;
  },
  /** The sign-in box is open. */
  get asking(): boolean {
    return known.asking;
  },
  set asking(next: boolean) {
    known.asking = next;
  },
  can(scope: Scope): boolean {
    return known.who?.scopes.includes(scope) === true;
  },
};

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** Asks the server whose token it is; a token nobody has is forgotten. */
export async function signIn(token: string): Promise<void> {
  known.busy = true;
  known.failure = null;
  try {
    // A header takes Latin-1 only; anything else is no token, and the server would never see it.
    if (!/^[\x21-\x7e]+$/.test(token)) throw new Failure("no-operator", { zh: "令牌只含英文字母、数字和符号，请重新粘贴。", en: "A token has only Latin letters, digits and signs. Paste it again." }, null);
    const answer = await request(address("online/operator"), { headers: bearer(token) });
    known.who = (await answer.json()) as Operator;
    known.token = token;
    known.asking = false;
    sessionStorage.setItem(KEY, token);
  } catch (cause) {
    const failure = asFailure(cause);
    if (failure.status === 401) signOut();
    known.failure = failure;
  }
  known.busy = false;
}

export function signOut(): void {
  known.token = null;
  known.who = null;
  known.failure = null;
  sessionStorage.removeItem(KEY);
}

/** Signs in again with the token this tab has, once. */
export function resume(): void {
  if (checked) return;
  checked = true;
  if (known.token) void signIn(known.token);
}

/** Posts `body` as the operator; the answer of type T. */
export async function send<T>(path: string, body: unknown): Promise<T> {
  const headers = { "content-type": "application/json", ...(known.token ? bearer(known.token) : {}) };
  try {
    const answer = await request(address(path), { method: "POST", headers, body: JSON.stringify(body) });
    return (await answer.json()) as T;
  } catch (cause) {
    const failure = asFailure(cause);
    if (failure.status === 401) {
      signOut();
      known.asking = true;
    }
    throw failure;
  }
}
