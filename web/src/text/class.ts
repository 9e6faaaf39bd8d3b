// How a class of a standard is printed: a Roman figure with its word, any other id by its name in the page's language.
import type { Text } from "../api/types";

/** What of a class is needed to say it. */
interface Named {
  name: Text;
}

/** Classes that are figures in both languages. */
const FIGURE = /^(劣?[ⅠⅡⅢⅣⅤⅥ]|\d+)$/u;

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
