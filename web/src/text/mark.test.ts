import { expect, it } from "vitest";
import { markOf } from "./mark";

it("marks simulated data and examples, and leaves other notes plain", () => {
  expect(markOf({ zh: "模拟数据", en: "" })).toBe("simulated");
  expect(markOf({ zh: "示例：公开数据集", en: "An example: a public data set" })).toBe("example");
  expect(markOf({ zh: "示例，含模拟值", en: "" })).toBe("simulated");
  expect(markOf({ zh: "规划自身公布的数据", en: "Published by the plan itself" })).toBe("note");
  expect(markOf({ zh: " ", en: "" })).toBeNull();
  expect(markOf(null)).toBeNull();
});
