// Every page, in both languages, on a desk and on a phone, against a running server: it shows data, nothing goes wrong, nothing is cut off.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { LOOKS, drawnMap, launch, places, shows, windowOf } from "./kit.mjs";

let browser;
let found;
before(async () => {
  browser = await launch();
  found = await places();
});
after(() => browser?.close());

/** Name, address and what must be seen of each page. */
function pages({ planned, measured, year }) {
  const of = `area=${measured.id}&year=${year}`;
  const drawn = async (page, id) => assert.ok(await page.locator(`[data-testid="${id}"] canvas`).first().isVisible(), `${id} is not drawn`);
  return [
    { name: "overview-area", path: `/?${of}`, see: async (page) => {
      assert.ok((await page.locator('[data-testid^="statistic-"]').count()) >= 4, "too few statistics");
      await drawn(page, "calendar");
    } },
    { name: "air-indicator", path: `/air-indicator/air.pm25.mean?${of}`, see: async (page) => {
      await drawn(page, "trend-chart");
      assert.ok((await page.locator('[data-testid="explained-days"] tbody tr').count()) > 300, "the days of the year are not listed");
    } },
    { name: "air", path: `/air?${of}`, see: async (page) => {
      if (measured.has_map) assert.ok((await drawnMap(page, 2)).length > 0, "no district is named on the map");
      assert.ok(await page.locator('[data-testid="city-day"]').isVisible(), "the city's day is not shown");
      assert.ok((await page.locator('[data-testid="year-strip"] rect').count()) > 300, "the strip of the year is short");
      assert.ok((await page.locator('[data-testid="station-marker"]').count()) > 0, "no station on the map");
      assert.equal(await page.locator('[data-testid="legend"]').first().locator("li").count(), 6);
      await drawn(page, "series-chart");
      assert.ok((await page.locator('[data-testid="day-table"] tbody tr').count()) > 300, "the day table is short");
    } },
    { name: "compare", path: `/compare?${of}`, see: async (page) => {
      assert.ok(await page.locator('[data-testid="sides"]').isVisible());
      assert.ok(await page.locator('[data-testid="changed"]').isVisible());
    } },
    { name: "import", path: "/import", see: async (page) => {
      assert.ok((await page.locator('[data-testid="mapping"] option').count()) > 1, "no mapping to choose");
      assert.ok((await page.locator('[data-testid="imports"] tbody tr').count()) > 0, "no import in the history");
    } },
    { name: "rules", path: "/rules", see: async (page) => {
      assert.ok((await page.locator('[data-testid^="rule-set-"]').count()) >= 2, "too few rule sets");
      assert.ok((await page.locator('[data-testid="standards"] tbody tr').count()) > 0, "no standards");
      assert.equal(await page.locator('[data-testid="classes"] tbody tr').count(), 6);
    } },
    ...(planned ? planPages(planned) : []),
  ];
}

function planPages(planned) {
  const of = `area=${planned.id}`;
  const rows = async (page, id, least) => assert.ok((await page.locator(`[data-testid="${id}"] tbody tr`).count()) >= least, `${id} is short`);
  return [
    { name: "overview-plan", path: `/?${of}`, see: async (page) => {
      assert.equal(await page.locator('[data-testid^="indicator-"]').count(), 23);
      assert.ok(await page.locator('[data-testid="counts"]').isVisible());
    } },
    { name: "overview-past", path: `/?${of}&tab=past`, see: (page) => rows(page, "past-table", 5) },
    { name: "overview-targets", path: `/?${of}&tab=targets`, see: (page) => rows(page, "target-table", 56) },
    { name: "indicator", path: `/indicator/1?${of}`, see: async (page) => {
      assert.ok(await page.locator('[data-testid="row-head"]').isVisible());
      assert.ok(await page.locator('[data-testid="path-chart"] canvas').isVisible());
    } },
    { name: "indicator-words", path: `/indicator/21?${of}`, see: async (page) => assert.ok(await page.locator('[data-testid="row-head"]').isVisible()) },
    { name: "air-plan-area", path: `/air?${of}`, see: async (page) => {
      assert.ok((await drawnMap(page, 3)).length >= 2, "the districts are not named on the map");
    } },
  ];
}

for (const look of LOOKS) {
  describe(Object.values(look).join(" "), () => {
    it("shows every page", async (t) => {
      const context = await windowOf(browser, look);
      for (const page of pages(found)) await t.test(page.name, () => shows(context, page, look));
      await context.close();
    });
  });
}
