import { expect, it } from "vitest";
import type { Alert, AlertState } from "../../api/online";
import { recounted, withAlert } from "./alerts";

const alert = (id: string, state: AlertState): Alert => ({ id, state }) as Alert;
const list = [alert("b", "open"), alert("a", "open")];
const shape = (alerts: Alert[]) => alerts.map((one) => `${one.id}:${one.state}`).join(" ");

it("puts a new alert first and a changed one in its own place", () => {
  expect(shape(withAlert(list, alert("c", "open"), null))).toBe("c:open b:open a:open");
  expect(shape(withAlert(list, alert("a", "recovered"), null))).toBe("b:open a:recovered");
});

it("keeps to the state that is asked for", () => {
  expect(shape(withAlert(list, alert("a", "acknowledged"), "open"))).toBe("b:open");
  expect(shape(withAlert(list, alert("c", "recovered"), "open"))).toBe("b:open a:open");
});

it("counts anew", () => {
  const counts = { open: 2, acknowledged: 0, recovered: 5 };
  expect(recounted(counts, "open", "acknowledged")).toEqual({ open: 1, acknowledged: 1, recovered: 5 });
  expect(recounted(counts, null, "open")).toEqual({ open: 3, acknowledged: 0, recovered: 5 });
  expect(counts.open).toBe(2);
});
