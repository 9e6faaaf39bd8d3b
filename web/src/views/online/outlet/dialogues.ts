// Dialogues as events change them, and the fields of a request's form.
import type { Dialogue, DialogueState, RequestField, RequestKind } from "../../../api/online";
import { inputOf, isoOfInput } from "../../../text/when";

export const RUNNING: DialogueState[] = ["asked", "accepted"];

/** `list` with `news` in the place of its older form, or first. */
export function withDialogue(list: Dialogue[], news: Dialogue): Dialogue[] {
  return list.some((one) => one.id === news.id) ? list.map((one) => (one.id === news.id ? news : one)) : [news, ...list];
}

/** What the form's inputs hold at first; a time as an input of a local time takes it. */
export function firstInputs(kind: RequestKind): Record<string, string> {
  return Object.fromEntries(kind.fields.map((field) => [field.name, field.usual === null ? "" : field.type === "time" ? inputOf(field.usual) : field.usual]));
}

/** True when `text` can be sent as the field's value. */
export function fits(field: RequestField, text: string): boolean {
  if (text.trim() === "") return !field.required;
  if (field.type === "time") return isoOfInput(text) !== null;
  if (field.type === "choice") return field.choices.some((choice) => choice.value === text);
  if (field.type !== "number") return true;
  const value = Number(text);
  return Number.isFinite(value) && (field.min === null || value >= field.min) && (field.max === null || value <= field.max);
}

/** The fields as they are sent: times as moments, empty ones left out. */
export function sent(kind: RequestKind, inputs: Record<string, string>): Record<string, string> {
  const rows = kind.fields.flatMap((field) => {
    const text = (inputs[field.name] ?? "").trim();
    return text === "" ? [] : [[field.name, field.type === "time" ? (isoOfInput(text) ?? "") : text]];
  });
  return Object.fromEntries(rows) as Record<string, string>;
}
