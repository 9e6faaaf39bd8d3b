// The language of the page: sentences from the typed dictionary, and the server's two-language texts.
import type { Text } from "../api/types";
import { en } from "./en";
import { zh } from "./zh";

export type Lang = "zh" | "en";
export type Key = keyof typeof zh;

const KEY = "jingce.lang";
const DICTIONARY: Record<Lang, Record<Key, string>> = { zh, en };

function first(): Lang {
  const wanted = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem(KEY);
  return wanted === "en" ? "en" : "zh";
}

const chosen = $state<{ lang: Lang }>({ lang: first() });

export const language = {
  get name(): Lang {
    return chosen.lang;
  },
  set name(next: Lang) {
    chosen.lang = next;
    localStorage.setItem(KEY, next);
    show();
  },
};

/** Tells the browser and screen readers the page's language. */
export function show(): void {
  document.documentElement.lang = chosen.lang === "zh" ? "zh-CN" : "en";
}

/** The sentence `key`, its `{name}` places filled from `fill`. */
export function t(key: Key, fill: Record<string, string | number> = {}): string {
  // A word of the server that this page does not know yet is shown as it is.
  const sentence: string = DICTIONARY[chosen.lang][key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(fill[name] ?? place));
}

/** The server's text in the page's language; the other language when one is empty. */
export function tx(text: Text | string | null | undefined): string {
  if (!text) return "";
  if (typeof text === "string") return text;
  return text[chosen.lang] || text.zh || text.en;
}
