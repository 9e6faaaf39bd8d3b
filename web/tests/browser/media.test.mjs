// The pages of media and points, against a running server: every medium in every look, and the ways from a class down to file and row.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { LOOKS, api, launch, monitored, open, settle, shows, windowOf } from "./kit.mjs";

let browser;
let area;
let media;
before(async () => {
  browser = await launch();
  ({ area, media } = await monitored());
});
after(() => browser?.close());

const MOST_POINTS = 3;
const of = (row) => `area=${area}&year=${row.years[0]}`;
const measured = () => media.filter((row) => row.from !== null);
const page = (row, month = "") => api(`media/${row.medium}?area=${area}&year=${row.years[0]}${month && `&month=${month}`}`);
const pointPath = (row, code) => `/media/${row.medium}/${encodeURIComponent(code)}?${of(row)}`;

/** A medium and a point of it that have values, those with most items first. */
async function richest() {
  const all = [];
  for (const row of measured()) for (const point of (await page(row)).points) all.push({ row, point });
  const best = all.sort((a, b) => b.point.cells.length - a.point.cells.length)[0];
  assert.ok(best && best.point.cells.length > 0, "no point has a value");
  return best;
}

async function seeMedium(row, view, size) {
  assert.equal(await view.getAttribute('[data-testid="medium-page"]', "data-medium"), row.medium);
  const answer = await page(row);
  const list = size === "phone" ? '[data-testid="point-cards"] > li' : '[data-testid="point-table"] tbody tr';
  assert.equal(await view.locator(list).count(), answer.points.length, "a point is not listed");
  const located = answer.points.filter((point) => point.lon !== null && point.lat !== null);
  assert.equal(await view.locator('[data-testid="station-marker"]').count(), located.length, "a point is not on the map");
  assert.ok((await view.locator('[data-testid="class-legend"] li').count()) > new Set(answer.classes.map((own) => own.class)).size, "a class is not in the legend");
  if (answer.monthly.length > 0) assert.ok(await view.locator('[data-testid="monthly-chart"] canvas').first().isVisible(), "the months are not drawn");
  if (answer.rules.some((rule) => rule.confidence === "unconfirmed")) assert.ok(await view.locator('[data-testid="unconfirmed"]').isVisible(), "what is unconfirmed does not say so");
  if (answer.simulated) assert.ok((await view.locator("h1 .simulated").count()) > 0, "what is simulated does not say so");
}

async function seePoint(view) {
  assert.ok(await view.locator('[data-testid="point-head"]').isVisible());
  assert.ok((await view.locator('[data-testid="class-calendar"] button').count()) > 0, "no month in the calendar");
  assert.ok(await view.locator('[data-testid="series-chart"] canvas').first().isVisible(), "the series is not drawn");
}

async function pages() {
  const { row, point } = await richest();
  const empty = media.find((own) => own.from !== null);
  const listed = media.map((own) => ({ name: `media-${own.medium}`, path: `/media/${own.medium}?${own.years.length > 0 ? of(own) : `area=${area}`}`, see: (view, size) => (own.years.length > 0 ? seeMedium(own, view, size) : undefined) }));
  return [
    ...listed,
    { name: "media-point", path: pointPath(row, point.code), see: seePoint },
    { name: "media-no-year", path: `/media/${empty.medium}?area=${area}&year=1990`, see: async (view) => assert.ok(((await view.locator('[data-testid="empty"]').first().textContent()) ?? "").trim().length > 8, "an empty year does not say so") },
  ];
}

for (const look of LOOKS) {
  describe(Object.values(look).join(" "), () => {
    it("shows every medium and a point", async (t) => {
      const context = await windowOf(browser, look);
      for (const each of await pages()) await t.test(each.name, () => shows(context, each, look));
      await context.close();
    });
  });
}

it("prints every value, class and reason as the server gives them", async () => {
  for (const row of measured()) {
    const answer = await page(row);
    const { page: view, close } = await open(browser, `/media/${row.medium}?${of(row)}`);
    await settle(view);
    if ((await view.locator('[data-testid="items-all"]').count()) > 0) await view.click('[data-testid="items-all"]');
    for (const point of answer.points.slice(0, MOST_POINTS)) {
      const line = view.locator('[data-testid="point-table"] tbody tr').filter({ has: view.locator(`a[href*="/${encodeURIComponent(point.code)}?"]`) });
      const words = (await line.textContent()) ?? "";
      for (const cell of point.cells) if (cell.value !== null) assert.ok(words.includes(cell.value), `${point.code}: ${cell.item} ${cell.value} is not in “${words}”`);
      for (const cell of point.cells) if (cell.over && cell.exceed !== null) assert.ok(words.includes(cell.exceed), `${point.code}: ${cell.item} is over by ${cell.exceed}, which is not said`);
      if (point.why) assert.ok(words.includes(point.why.zh), `${point.code}: it is not said why`);
    }
    const silent = await view.locator('[data-testid="point-table"] tbody tr').evaluateAll((lines) => lines.filter((line) => !line.querySelector('[data-class]') && !line.querySelector('[data-testid="point-reason"]')?.textContent.trim()).map((line) => line.textContent));
    assert.deepEqual(silent, [], "a point has neither a class nor a reason");
    await close();
  }
});

it("leads from a marker to its point, and from a month to the observations, files and rows", async () => {
  const { row, point } = await richest();
  const { page: view, troubles, close } = await open(browser, `/media/${row.medium}?${of(row)}`);
  await settle(view);
  const marker = view.locator(`[data-testid="station-marker"][data-station="${point.code}"]`);
  if ((await marker.count()) > 0) {
    await marker.dispatchEvent("click");
    await view.locator('[data-testid="picked-point"] a').click();
  } else await view.locator(`[data-testid="point-link"][href*="/${encodeURIComponent(point.code)}?"]`).click();
  await view.waitForSelector('[data-testid="point-head"]');
  await settle(view);
  const whole = await api(`media/${row.medium}/points/${encodeURIComponent(point.code)}?year=${row.years[0]}`);
  const month = whole.months.filter((own) => own.class !== null).at(-1);
  assert.ok(month, "no month has a class");
  await view.locator(`[data-testid="class-calendar"] button[aria-label^="${month.month}"]`).click();
  await settle(view);
  const rows = view.locator('[data-testid="sources-table"] tbody tr');
  assert.ok((await rows.count()) > 0, "no observation behind the month");
  const cells = await rows.first().locator("td").allTextContents();
  assert.ok(cells[5].trim().length > 0, "the observation names no file");
  assert.match(cells[6].trim(), /^\d+$/, "the observation names no row");
  assert.deepEqual(troubles, []);
  await close();
});

it("shows the tests for a trend as the server gives them, and another item when it is chosen", async () => {
  const { row, point } = await richest();
  const { page: view, troubles, close } = await open(browser, pointPath(row, point.code));
  await settle(view);
  const item = point.cells.at(-1).item;
  await view.selectOption('[data-testid="series-item"]', item);
  await view.waitForFunction((code) => new URL(location.href).searchParams.get("item") === code, item);
  await settle(view);
  const series = await api(`media/${row.medium}/points/${encodeURIComponent(point.code)}/series?item=${item}`);
  assert.equal(await view.locator('[data-testid="trend-table"] tbody tr').count(), series.trends.length);
  for (const trend of series.trends) {
    const words = (await view.locator(`[data-testid="trend-table"] tr[data-test="${trend.test}"]`).textContent()) ?? "";
    assert.ok(words.includes(trend.result.zh), `${trend.test}: the result is not said`);
    if (trend.p !== null) assert.ok(words.includes(trend.p), `${trend.test}: p is not said`);
  }
  assert.deepEqual(troubles, []);
  await close();
});

it("goes to a month by key and by the map keeps standing", async () => {
  const row = measured()[0];
  const answer = await page(row);
  const month = Number(answer.months.at(-1).slice(5));
  const { page: view, troubles, close } = await open(browser, `/media/${row.medium}?${of(row)}`);
  await settle(view);
  await view.evaluate(() => document.querySelector('[data-testid="map"] canvas')?.setAttribute("data-made", "once"));
  await view.locator(`[data-testid="month-${month}"]`).focus();
  await view.keyboard.press("Enter");
  await view.waitForFunction((n) => new URL(location.href).searchParams.get("month") === String(n), month);
  await settle(view);
  assert.equal(await view.getAttribute(`[data-testid="month-${month}"]`, "aria-pressed"), "true");
  const monthly = await page(row, month);
  assert.equal(await view.locator('[data-testid="point-table"] tbody tr').count(), monthly.points.length);
  if (answer.bodies.every((body, at) => body.color === monthly.bodies[at]?.color)) assert.equal(await view.locator('[data-testid="map"] canvas[data-made="once"]').count(), 1, "another month made the map anew");
  assert.deepEqual(troubles, []);
  await close();
});

it("finds points by words, class and target", async () => {
  const { row, point } = await richest();
  const answer = await page(row);
  const { page: view, close } = await open(browser, `/media/${row.medium}?${of(row)}`);
  await settle(view);
  const rows = view.locator('[data-testid="point-table"] tbody tr');
  await view.fill('[data-testid="point-find"]', point.code);
  assert.equal(await rows.count(), answer.points.filter((own) => own.code.includes(point.code)).length);
  await view.fill('[data-testid="point-find"]', "没有这样的点位");
  assert.equal(await rows.count(), 0);
  await view.fill('[data-testid="point-find"]', "");
  await view.selectOption('[data-testid="point-class"]', point.class ?? "none");
  assert.equal(await rows.count(), answer.points.filter((own) => own.class === point.class).length);
  await view.selectOption('[data-testid="point-class"]', "");
  await view.check('[data-testid="point-failed"]');
  assert.equal(await rows.count(), answer.points.filter((own) => own.met === false).length);
  await close();
});

it("explains a medium and a point that are not there", async () => {
  for (const path of [`/media/nowhere?area=${area}`, `/media/${media[0].medium}/no-such-point?area=${area}`]) {
    const { page: view, close } = await open(browser, path);
    await view.waitForSelector('[data-testid="trouble"], [data-testid="empty"]');
    assert.ok(((await view.locator('[data-testid="trouble"], [data-testid="empty"]').first().textContent()) ?? "").trim().length > 8, `${path} is not explained`);
    await close();
  }
});
