// The plan in full, against a running server: table and targets, an indicator's parts, scenario and changes, coverage, reports.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { LOOKS, api, handedOver, launch, open, places, settle, shows, windowOf } from "./kit.mjs";

let browser;
let area;
let plan;
let year;
let full;
let parted;
before(async () => {
  browser = await launch();
  const { planned } = await places();
  assert.ok(planned, "no area has a plan");
  area = planned.id;
  plan = await api(`plans/${planned.plan}`);
  year = plan.to;
  full = await api(`plans/${plan.id}/full?area=${area}&year=${year}`);
  parted = await partsOf();
});
after(() => browser?.close());

const of = () => `area=${area}&year=${year}`;

/** The parts of every indicator that has some. */
async function partsOf() {
  const found = [];
  for (const { row } of full.rows) {
    const parts = await api(`plans/${plan.id}/indicators/${row.no}/parts?${of()}`);
    if (parts.parts.length > 0) found.push(parts);
  }
  return found;
}

function pages() {
  const rows = async (view, id, count) => assert.equal(await view.locator(`[data-testid="${id}"] tbody tr`).count(), count, `${id} is not whole`);
  const best = [...parted].sort((a, b) => b.parts.length - a.parts.length)[0];
  return [
    { name: "plan-cards", path: `/?${of()}`, see: async (view) => assert.equal(await view.locator('[data-testid^="full-"]').count(), full.rows.length, "a card lacks what the full answer gives") },
    { name: "plan-table", path: `/?${of()}&view=table`, see: (view) => rows(view, "full-table", full.rows.length) },
    { name: "plan-targets", path: `/?${of()}&tab=targets`, see: (view) => rows(view, "target-table", full.targets.length) },
    { name: "plan-coverage", path: `/plan/coverage?${of()}`, see: async (view) => assert.ok(await view.locator('[data-testid="coverage-totals"]').isVisible()) },
    ...(best ? [{ name: "plan-indicator-parts", path: `/indicator/${best.no}?${of()}`, see: (view) => rows(view, "part-table", best.parts.length) }] : []),
    { name: "plan-indicator-last", path: `/indicator/${full.rows.at(-1).row.no}?${of()}`, see: async (view) => assert.ok(((await view.locator('[data-testid="parts-why"]').textContent()) ?? "").trim().length > 3, "it is not said how the value came about") },
  ];
}

for (const look of LOOKS) {
  describe(Object.values(look).join(" "), () => {
    it("shows the plan in full", async (t) => {
      const context = await windowOf(browser, look);
      for (const page of pages()) await t.test(page.name, () => shows(context, page, look));
      await context.close();
    });
  });
}

it("tells of every indicator its state, who answers, the evidence and what is missing", async () => {
  const { page, troubles, close } = await open(browser, `/?${of()}&view=table`);
  await settle(page);
  const lines = await page.locator('[data-testid="full-table"] tbody tr').allTextContents();
  full.rows.forEach((own, at) => {
    const words = lines[at] ?? "";
    assert.ok(words.includes(own.row.title.zh.slice(0, 6)), `row ${at + 1} is another`);
    assert.ok(words.includes(own.evidence.zh), `indicator ${own.row.no}: no evidence`);
    for (const body of own.bodies) assert.ok(words.includes((body.name ?? body).zh), `indicator ${own.row.no}: a body is not named`);
    for (const line of own.missing) assert.ok(words.includes(line.zh), `indicator ${own.row.no}: “${line.zh}” is not said`);
    if (own.row.value) assert.ok(words.includes(own.row.value.text), `indicator ${own.row.no}: the value is not shown`);
    if (own.forecast) assert.ok(words.includes(own.forecast.value), `indicator ${own.row.no}: the forecast is not shown`);
  });
  assert.deepEqual(troubles, []);
  await close();
});

it("finds targets by state, as the counts say", async () => {
  const { page, close } = await open(browser, `/?${of()}&tab=targets`);
  await settle(page);
  for (const state of ["achieved", "on-track", "behind", "no-data", "text", "not-due"]) {
    const count = full.target_counts[state.replace("-", "_")] ?? full.target_counts[state] ?? 0;
    const button = page.locator(`[data-testid="target-state-${state}"]`);
    assert.equal(await button.count(), count > 0 ? 1 : 0, `${state}: ${count} targets`);
    if (count === 0) continue;
    await button.click();
    assert.equal(await page.locator('[data-testid="target-table"] tbody tr').count(), count, state);
    await button.click();
  }
  await close();
});

it("lists every system of the plan once, with its state and a reason", async () => {
  const coverage = await api(`plans/${plan.id}/coverage`);
  assert.equal(new Set(coverage.rows.map((row) => row.id)).size, coverage.totals.all);
  assert.equal(coverage.totals.works + coverage.totals.declared + coverage.totals.missing, coverage.totals.all);
  const { page, troubles, close } = await open(browser, `/plan/coverage?${of()}`);
  await settle(page);
  const rows = page.locator('[data-testid="system-table"] tbody tr');
  assert.equal(await rows.count(), coverage.totals.all);
  const reasons = await page.locator('[data-testid="system-table"] tbody td:nth-child(4)').allTextContents();
  assert.deepEqual(reasons.filter((words) => words.trim() === ""), [], "a system has no reason");
  for (const state of ["works", "declared", "missing"]) {
    await page.click(`[data-testid="coverage-${state}"]`);
    assert.equal(coverage.totals[state] === 0 ? 0 : await rows.count(), coverage.totals[state], state);
    await page.click(`[data-testid="coverage-${state}"]`);
  }
  await page.fill('[data-testid="system-find"]', coverage.rows[0].id);
  assert.ok((await rows.count()) >= 1);
  await page.fill('[data-testid="system-find"]', "");
  const group = coverage.by_group[0];
  await page.selectOption('[data-testid="system-group"]', group.id);
  assert.equal(await rows.count(), group.all);
  assert.deepEqual(troubles, []);
  await close();
});

it("leads from a part of an indicator to its point", async (t) => {
  const own = parted.find((parts) => parts.parts.some((part) => part.link?.kind === "point"));
  if (!own) return t.skip("no indicator has points");
  const { page, troubles, close } = await open(browser, `/indicator/${own.no}?${of()}`);
  await settle(page);
  for (const part of own.parts.slice(0, 5)) if (part.contribution !== null) assert.ok(((await page.locator('[data-testid="part-table"]').textContent()) ?? "").includes(part.contribution), `${part.feature}: its contribution is not shown`);
  await page.locator('[data-testid="part-link"]').first().click();
  await page.waitForSelector('[data-testid="point-head"]');
  await settle(page);
  assert.deepEqual(troubles, []);
  await close();
});

it("says what became of the plan if a part were another, and changes nothing", async (t) => {
  const own = parted.find((parts) => parts.assume.length > 0);
  if (!own) return t.skip("nothing can be assumed of any part");
  const { page, troubles, close } = await open(browser, `/indicator/${own.no}?${of()}`);
  await settle(page);
  assert.ok(await page.isDisabled('[data-testid="scenario-run"]'), "it runs without an assumption");
  await page.locator('[data-testid="scenario-part"]').first().check();
  const kind = own.assume[0];
  if (kind.values.length > 0) await page.selectOption('[data-testid="scenario-value"]', kind.values[0].value);
  else await page.fill('[data-testid="scenario-value"]', "1");
  await page.click('[data-testid="scenario-run"]');
  await page.waitForSelector('[data-testid="scenario-answer"]');
  assert.ok(((await page.locator('[data-testid="scenario-answer"]').textContent()) ?? "").trim().length > 5);
  const after_ = await api(`plans/${plan.id}/indicators/${own.no}/parts?${of()}`);
  assert.equal(after_.value, own.value, "a scenario changed what is kept");
  assert.deepEqual(troubles, []);
  await close();
});

it("compares an indicator with what was known on a day", async () => {
  const tomorrow = new Date(Date.now() + 32 * 3_600_000).toISOString().slice(0, 10);
  const no = parted[0]?.no ?? full.rows[0].row.no;
  const { page, close } = await open(browser, `/indicator/${no}?${of()}`);
  await settle(page);
  await page.fill('[data-testid="changes-since"]', tomorrow);
  await page.locator('[data-testid="changes-since"]').blur();
  await page.waitForSelector('[data-testid="changes"] :is([data-testid="changes-sides"], [data-testid="trouble"])');
  await settle(page);
  const words = (await page.locator('[data-testid="changes"]').textContent()) ?? "";
  assert.ok(words.length > 20, "nothing is said");
  await close();
});

it("hands over the evaluation of the mid-term and of the end", async () => {
  const { page, close } = await open(browser, `/?${of()}`);
  await settle(page);
  for (const kind of ["mid-term", "final"]) {
    for (const [format, start] of [["pdf", "%PDF"], ["xlsx", "PK"]]) {
      const { name, bytes } = await handedOver(page, `report-${kind}-${format}`);
      assert.ok(bytes.length > 2000, `${name} is too small`);
      assert.equal(bytes.subarray(0, start.length).toString("latin1"), start);
      assert.ok(name.endsWith(`.${format}`), name);
    }
  }
  await close();
});
