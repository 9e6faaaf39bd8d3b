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
  };
}
