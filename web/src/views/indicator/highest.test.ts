import { expect, it } from "vitest";
import { highest } from "./highest";

const day = (date: string, value: string | null, used = true) => ({ date, value, used });

it("takes the highest used value as a number, not as text", () => {
  expect(highest([day("2016-01-01", "9.5"), day("2016-01-02", "110"), day("2016-01-03", "110"), day("2016-01-04", "400", false), day("2016-01-05", null)])).toBe("2016-01-02");
  expect(highest([day("2016-01-01", null)])).toBeNull();
  expect(highest([])).toBeNull();
});
