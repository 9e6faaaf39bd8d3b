import { expect, it } from "vitest";
import { pageOf } from "./pages";

it("reads the page and its parameters from the address", () => {
  expect(pageOf("/")?.name).toBe("overview");
  expect(pageOf("/indicator/12")?.props).toEqual({ no: 12 });
  expect(pageOf("/air-indicator/air.o3.p90")?.props).toEqual({ id: "air.o3.p90" });
  for (const name of ["air", "compare", "import", "rules"]) expect(pageOf(`/${name}`)?.name).toBe(name);
});

it("reads the pages of online monitoring", () => {
  expect(pageOf("/online")?.name).toBe("online");
  expect(pageOf("/online/outlet/DA001%2F1")?.props).toEqual({ code: "DA001/1" });
  for (const name of ["alerts", "review", "deviations", "frames"]) expect(pageOf(`/online/${name}`)?.name).toBe(`online-${name}`);
  for (const path of ["/online/nowhere", "/online/outlet", "/online/alerts/1", "/online/outlet/a/b", "/online/outlet/%E0%A4"]) expect(pageOf(path)).toBeNull();
});

it("reads the pages of media and of the plan", () => {
  expect(pageOf("/media")?.props).toEqual({ medium: null });
  expect(pageOf("/media/surface-water")?.props).toEqual({ medium: "surface-water" });
  expect(pageOf("/media/soil/a%2F1")?.props).toEqual({ medium: "soil", code: "a/1" });
  expect(pageOf("/plan/coverage")?.name).toBe("coverage");
  for (const path of ["/media/a/b/c", "/media/%E0%A4", "/media/a/%E0%A4", "/plan", "/plan/other", "/plan/coverage/1"]) expect(pageOf(path)).toBeNull();
});

it("knows no page for other addresses", () => {
  for (const path of ["/nowhere", "/indicator", "/indicator/x", "/air/1", "/indicator/1/2", "/air-indicator/%E0%A4"]) expect(pageOf(path)).toBeNull();
});
