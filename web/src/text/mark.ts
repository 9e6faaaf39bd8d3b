// Reads from an area's note whether its data are simulated or an example, so that every page can say so beside them.
import type { Text } from "../api/types";

export type Mark = "simulated" | "example" | "note";

/** `simulated` outweighs `example`; a note that says neither is a plain note; null without one. */
export function markOf(note: Text | null | undefined): Mark | null {
  if (!note || (note.zh.trim() === "" && note.en.trim() === "")) return null;
  const words = `${note.zh} ${note.en.toLowerCase()}`;
  if (/模拟|simulated/.test(words)) return "simulated";
  return /示例|\bexample\b/.test(words) ? "example" : "note";
}
