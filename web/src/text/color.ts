// Chooses ink that can be read on a colour of the standard (WCAG 2 relative luminance and contrast).

function channel(byte: number): number {
  const part = byte / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

/** Relative luminance of `#rrggbb`, 0 … 1. */
export function luminance(color: string): number {
  const hex = color.replace("#", "");
  const byte = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return 0.2126 * channel(byte(0)) + 0.7152 * channel(byte(2)) + 0.0722 * channel(byte(4));
}

const BOLD_CONTRAST = 3;

/** White wherever it reaches the 3 : 1 that WCAG 2.2 (1.4.3) asks of bold large text, as the red of warning signs has it; black elsewhere. */
export function inkOn(color: string): "#000000" | "#ffffff" {
  return 1.05 / (luminance(color) + 0.05) >= BOLD_CONTRAST ? "#ffffff" : "#000000";
}
