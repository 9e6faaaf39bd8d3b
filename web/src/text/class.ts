// How a class of a standard is printed: a Roman figure with its word, any other id by its name in the page's language.
import type { Text } from "../api/types";

/** What of a class is needed to say it. */
interface Named {
  name: Text;
}

/** Classes that are figures in both languages. */
const FIGURE = /^(劣?[ⅠⅡⅢⅣⅤⅥ]|\d+)$/u;

/** Every class once, where two standards of a page have the same one. */
export function distinct<T extends { class: string }>(classes: T[]): T[] {
  return classes.filter((row, at) => classes.findIndex((other) => other.class === row.class) === at);
}

const LIGHTEST = 232;
const DARKEST = 78;

/** A grey for a class of a standard without colours, darker the worse it is, so that neighbours can be told apart. */
export function shadeOf(at: number, of: number): string {
  const level = Math.round(LIGHTEST - ((LIGHTEST - DARKEST) * at) / Math.max(1, of - 1));
  const hex = level.toString(16).padStart(2, "0");
  return `#${hex}${hex}${hex}`;
}

/** What stands on a marker or in a small cell: the figure of the class, else a tick or a cross; a dash without a class. */
export function figureOf(id: string | null, met: boolean | null): string {
  if (id === null) return "–";
  if (FIGURE.test(id)) return id;
  return met === null ? "·" : met ? "✓" : "✕";
}

/** The class in a word: `Ⅲ`, `达标`, `meets`. */
export function wordOf(row: Named | undefined, id: string, say: (text: Text) => string): string {
  return row === undefined || FIGURE.test(id) ? id : say(row.name);
}

/** The class with its meaning where the word alone does not tell it: `Ⅲ 良好`, `达标`. */
export function spokenOf(row: Named | undefined, id: string, say: (text: Text) => string): string {
  const word = wordOf(row, id, say);
  const name = row ? say(row.name) : "";
  return name === "" || name.includes(word) ? name || word : `${word} ${name}`;
}
