// Axes, tooltips and text as every chart of the application has them.
import type { Ink } from "./ink";

export function textStyle(ink: Ink): object {
  return { fontFamily: ink.font, color: ink.text, fontSize: ink.px(12) };
}

export function tooltip(ink: Ink, more: object = {}): object {
  return {
    backgroundColor: ink.paper,
    borderColor: ink.line,
    textStyle: { color: ink.text, fontFamily: ink.font, fontSize: ink.px(13) },
    confine: true,
    ...more,
  };
}

export function axis(ink: Ink, more: object = {}): object {
  return {
    axisLine: { lineStyle: { color: ink.faint } },
    axisTick: { show: false },
    axisLabel: { color: ink.soft, fontFamily: ink.font, fontSize: ink.px(12), hideOverlap: true },
    splitLine: { lineStyle: { color: ink.line } },
    nameTextStyle: { color: ink.soft, fontFamily: ink.font, fontSize: ink.px(12) },
    ...more,
  };
}

/** Text from data, safe inside a tooltip's HTML. */
export function safe(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? c);
}
