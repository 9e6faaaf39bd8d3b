import { expect, it } from "vitest";
import { distinct, figureOf, shadeOf, spokenOf, wordOf } from "./class";

const say = (text: { zh: string; en: string }) => text.en;
const row = (id: string, zh: string, en: string) => ({ class: id, name: { zh, en }, color: null, met: true });

it("prints figures as they are and other classes as a mark", () => {
  expect(figureOf("劣Ⅴ", false)).toBe("劣Ⅴ");
  expect(figureOf("达标", true)).toBe("✓");
  expect(figureOf("严格管控", false)).toBe("✕");
  expect(figureOf("二类", null)).toBe("·");
  expect(figureOf(null, null)).toBe("–");
});

it("has every class once, and greys where a standard has no colours", () => {
  expect(distinct([row("Ⅰ", "优", "excellent"), row("Ⅱ", "优", "excellent"), row("Ⅰ", "Ⅰ类", "class Ⅰ")]).map((own) => own.name.zh)).toEqual(["优", "优"]);
  expect([shadeOf(0, 5), shadeOf(4, 5), shadeOf(0, 1)]).toEqual(["#e8e8e8", "#4e4e4e", "#e8e8e8"]);
});

it("says a class in the page's language", () => {
  expect(wordOf(row("达标", "达标", "meets"), "达标", say)).toBe("meets");
  expect(wordOf(undefined, "达标", say)).toBe("达标");
  expect(spokenOf(row("Ⅲ", "良好", "good"), "Ⅲ", say)).toBe("Ⅲ good");
  expect(spokenOf(row("Ⅲ", "Ⅲ类", "class Ⅲ"), "Ⅲ", say)).toBe("class Ⅲ");
  expect(spokenOf(row("100", "100分", "score 100"), "100", say)).toBe("score 100");
});
