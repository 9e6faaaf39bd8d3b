// The colours charts draw with, read from the design tokens of the present theme.

export interface Ink {
  text: string;
  soft: string;
  faint: string;
  line: string;
  accent: string;
  accentSoft: string;
  paper: string;
  sunk: string;
  behind: string;
  font: string;
  /** Pixels of the design at the root's present font size: a wall screen draws everything larger. */
  px: (design: number) => number;
}

/** How much larger than 16 px the root's text is. */
export function scaleOf(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
}

export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: token("--ink"),
    soft: token("--ink-2"),
    faint: token("--ink-3"),
    line: token("--line"),
    accent: token("--accent"),
    accentSoft: token("--accent-soft"),
    paper: token("--paper"),
    sunk: token("--sunk"),
    behind: token("--behind"),
    font: token("--font"),
    px: (design) => Math.round(design * scaleOf()),
  };
}
