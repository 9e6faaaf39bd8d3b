// The ways a person takes through the pages, against a running server: switches, lineage to the row, a bad file, a report.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { join } from "node:path";
import { SHOTS, api, handedOver, launch, open, places, settle } from "./kit.mjs";

let browser;
let found;
before(async () => {
  browser = await launch();
  found = await places();
});
after(() => browser?.close());

it("switches language and theme, and remembers them", async () => {
  const { page, troubles, close } = await open(browser, "/rules");
  await settle(page);
  const before = await page.locator("h1").textContent();
  await page.click('[data-testid="lang"]');
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.notEqual(await page.locator("h1").textContent(), before);
  await page.click('[data-testid="theme"]');
  await page.reload();
  await settle(page);
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  assert.deepEqual(troubles, []);
  await close();
});

it("keeps area and year in the address from page to page", async () => {
  const { page, close } = await open(browser, `/?area=${found.measured.id}&year=${found.year}`);
  await settle(page);
  await page.click('[data-testid="nav-air"]');
  await settle(page);
  assert.match(page.url(), new RegExp(`/air\\?.*area=${found.measured.id}`));
  assert.equal(await page.inputValue('[data-testid="year"]'), String(found.year));
  await page.goBack();
  await settle(page);
  assert.equal(new URL(page.url()).pathname, "/");
  await close();
});

it("follows a value down to the file and row of an hour", async () => {
  const { page, troubles, close } = await open(browser, `/air-indicator/air.pm25.mean?area=${found.measured.id}&year=${found.year}`);
  await settle(page);
  await page.locator('[data-testid="explained-days"] tbody button').nth(40).click();
  await page.waitForSelector('[data-testid="trace-station"]');
  await page.locator('[data-testid="trace-station"]').first().click();
  await page.waitForSelector('[data-testid="hours"] tbody tr');
  const cells = await page.locator('[data-testid="hours"] tbody tr').first().locator("td").allTextContents();
  assert.match(cells[0], /^\d{4}-\d{2}-\d{2} \d{2}:00$/);
  assert.ok(cells[5].length > 0, "the hour names no file");
  assert.match(cells[6], /^\d+$/, "the hour names no row");
  await page.screenshot({ path: join(SHOTS, "lineage.zh.desktop.png"), fullPage: true });
  assert.deepEqual(troubles, []);
  await close();
});

it("shows a station's series when its marker is chosen, and an hour on the slider", async () => {
  const { page, troubles, close } = await open(browser, `/air?area=${found.measured.id}&year=${found.year}`);
  await settle(page);
  await page.evaluate(() => (document.querySelector('[data-testid="map"] canvas').dataset.made = "once"));
  const marker = page.locator('[data-testid="station-marker"]').first();
  const station = await marker.getAttribute("data-station");
  await marker.dispatchEvent("click");
  assert.equal(await page.inputValue('[data-testid="series-station"]'), station);
  await page.locator('[data-testid="hour"]').fill("8");
  await page.waitForFunction(() => new URL(location.href).searchParams.get("hour") === "8");
  await settle(page);
  assert.equal(await page.locator('[data-testid="map"] canvas[data-made="once"]').count(), 1, "choosing a station or an hour made the map anew");
  await page.screenshot({ path: join(SHOTS, "air-hour.zh.desktop.png") });
  assert.deepEqual(troubles, []);
  await close();
});

it("says which rules were asked for", async () => {
  const { page, close } = await open(browser, `/?area=${found.measured.id}&year=${found.year}`);
  await settle(page);
  const last = (await api("rules")).at(-1).id;
  await page.selectOption('[data-testid="rules"]', last);
  await page.waitForSelector('[data-testid="asked-rules"]');
  assert.match(page.url(), new RegExp(`rules=${last}`));
  await close();
});

it("tells file, row, column and text of every problem of a bad file", async () => {
  const { page, close } = await open(browser, "/import");
  await settle(page);
  const mapping = await badFile();
  await page.selectOption('[data-testid="mapping"]', mapping.id);
  await page.setInputFiles('[data-testid="file"]', { name: mapping.file, mimeType: "text/csv", buffer: Buffer.from(mapping.text) });
  await page.click('[data-testid="start-import"]');
  await page.waitForSelector('[data-testid="job"]:not([data-state="running"])', { timeout: 60_000 });
  await page.waitForSelector('[data-testid="problems"] tbody tr');
  const rows = await page.locator('[data-testid="problems"] tbody tr').allTextContents();
  assert.ok(rows.some((row) => row.includes(mapping.expect)), `no problem quotes ${mapping.expect}: ${rows.join(" | ")}`);
  await page.screenshot({ path: join(SHOTS, "import-bad.zh.desktop.png"), fullPage: true });
  await close();
});

/** A file for the first wide mapping of measurements whose cells are all wrong in a way a person makes mistakes. */
async function badFile() {
  const mappings = await api("mappings");
  const mapping = mappings.find((row) => row.into === "observations" && row.formats.some((format) => format.includes("csv"))) ?? mappings[0];
  const line = (cell) => mapping.columns.map((_, at) => (at === mapping.columns.length - 1 ? cell : "2021-02-31")).join(",");
  return { id: mapping.id, file: "bad.csv", text: [mapping.columns.join(","), line("abc"), line("-5"), line("1e9")].join("\n"), expect: "2021-02-31" };
}

it("shows a server error in plain words", async () => {
  const { page, close } = await open(browser, "/indicator/99");
  await page.waitForSelector('[data-testid="trouble"], [data-testid="empty"]');
  const words = await page.locator('[data-testid="trouble"], [data-testid="empty"]').first().textContent();
  assert.ok((words ?? "").trim().length > 8, "the error is not explained");
  await close();
});

it("says beside the figures what an area's data are", async () => {
  for (const area of found.areas.filter((row) => row.note)) {
    const { page, close } = await open(browser, `/?area=${area.id}`);
    await settle(page);
    const words = await page.locator('[data-testid="area-note"]').textContent();
    assert.ok(words?.includes(area.note.zh), `the note of ${area.id} is not shown`);
    const mark = /模拟/.test(area.note.zh) ? "simulated" : /示例/.test(area.note.zh) ? "example" : "note";
    assert.equal(await page.getAttribute('[data-testid="area-note"]', "data-mark"), mark);
    await close();
  }
});

it("knows an address that names no page", async () => {
  const { page, close } = await open(browser, "/nowhere");
  await page.waitForSelector('main[data-page="lost"]');
  await close();
});

it("hands over the yearly report", async () => {
  const { page, close } = await open(browser, `/?area=${found.measured.id}&year=${found.year}`);
  await settle(page);
  for (const [id, start] of [["report-pdf", "%PDF"], ["report-xlsx", "PK"]]) {
    const { bytes } = await handedOver(page, id);
    assert.ok(bytes.length > 2000, `${id} is too small`);
    assert.equal(bytes.subarray(0, start.length).toString("latin1"), start);
  }
  await close();
});
