// Turns plain text into runs with the subscripts and superscripts that formulas and units are printed with.

export interface Run {
  text: string;
  place: "base" | "sub" | "sup";
}

/** Letters of a formula followed by its index (PM2.5, O3, CO2), or a unit of length followed by its power (m3, km2). */
const INDEXED = /(?<![A-Za-z0-9])(PM|SO|NO|CO|NH|O|N)(\d+(?:\.\d+)?)(?![\dA-Za-z])|(?<=\b|[^A-Za-z0-9])(k?m)([23])(?![\dA-Za-z])/g;

export function runs(text: string): Run[] {
  const found: Run[] = [];
  let at = 0;
  for (const hit of text.matchAll(INDEXED)) {
    const [all, formula, index, length, power] = hit;
    const start = hit.index;
    found.push({ text: text.slice(at, start) + (formula ?? length ?? ""), place: "base" });
    found.push(formula ? { text: index ?? "", place: "sub" } : { text: power ?? "", place: "sup" });
    at = start + all.length;
  }
  if (at < text.length) found.push({ text: text.slice(at), place: "base" });
  return found;
}

const SUB: Record<string, string> = { "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈", "9": "₉", ".": "." };
const SUP: Record<string, string> = { "2": "²", "3": "³" };

/** The same in Unicode characters, for charts and other places without markup. */
export function unicode(text: string): string {
  return runs(text)
    .map((run) => {
      if (run.place === "base") return run.text;
      const table = run.place === "sub" ? SUB : SUP;
      return [...run.text].map((c) => table[c] ?? c).join("");
    })
    .join("");
}
