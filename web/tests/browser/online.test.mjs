// Online monitoring in the browser with instruments sending: pages, push, a point's frame, dialogue, alerts, review.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { join } from "node:path";
import { city } from "./city.mjs";

const found = await city();
if (found.url) process.env.JINGCE_URL = found.url;
const { LANGS, SHOTS, SIZES, api, cutOff, launch, open, settle, visit, windowOf } = await import("./kit.mjs");

const lacking = found.skip ?? false;
const signed = lacking || (found.tokens.length < 2 ? "no operators: name two in JINGCE_TOKENS" : false);

let browser;
let outlet;
before(async () => {
  if (lacking) return;
  browser = await launch();
  const { devices } = await api("online/devices");
  const sending = devices.filter((device) => device.outlet && device.connected && device.generation !== "mqtt");
  outlet = (sending.find((device) => device.outlet.kind === "gas") ?? sending[0]).outlet.code;
});
after(async () => {
  await browser?.close();
  found.end?.();
});

const at = (code, query = "") => `/online/outlet/${encodeURIComponent(code)}${query}`;
const frameOf = (page) => page.locator('[data-testid="frame"]');

async function signIn(page, token) {
  if ((await page.locator('[data-testid="operator-ask"]').count()) > 0) await page.click('[data-testid="operator-ask"]');
  await page.fill('[data-testid="operator-token"]', token);
  await page.click('[data-testid="operator-in"]');
}

/** Name, address and what must be seen of each page. */
function pages() {
  const many = async (page, id, least = 1) => assert.ok((await page.locator(`[data-testid="${id}"]`).count()) >= least, `${id} is lacking`);
  const drawn = async (page) => assert.ok(await page.locator('[data-testid="curve-chart"] canvas').isVisible(), "the curve is not drawn");
  return [
    { name: "online", path: "/online?view=tiles", see: async (page) => {
      await many(page, "device", 4);
      await many(page, "count-online");
    } },
    { name: "online-compact", path: "/online?view=compact", see: (page) => many(page, "device", 10) },
    { name: "online-curve", path: at(outlet), see: async (page) => {
      await drawn(page);
      await many(page, "latest");
    } },
    { name: "online-statement", path: at(outlet, "?tab=statement"), see: async (page) => {
      await many(page, "month-figures");
      assert.ok((await page.locator('[data-testid="days"] tbody tr').count()) > 0, "no day is listed");
    } },
    { name: "online-marks", path: at(outlet, "?tab=marks"), see: (page) => many(page, "marks") },
    { name: "online-dialogue", path: at(outlet, "?tab=dialogue"), see: (page) => many(page, "need-control") },
    { name: "online-register", path: at(outlet, "?tab=register"), see: (page) => many(page, "channels") },
    { name: "online-alerts", path: "/online/alerts", see: (page) => many(page, "alerts") },
    { name: "online-review", path: "/online/review", see: (page) => many(page, "review-queue") },
    { name: "online-deviations", path: "/online/deviations", see: (page) => many(page, "example") },
    { name: "online-frames", path: "/online/frames", see: (page) => many(page, "frame-link", 10) },
  ];
}

const themes = (lang) => (lang === "zh" ? ["light", "dark"] : ["light"]);

for (const lang of LANGS) {
  for (const [size, theme] of Object.keys(SIZES).flatMap((name) => themes(lang).map((each) => [name, each]))) {
    describe(`online ${lang} ${size} ${theme}`, { skip: lacking }, () => {
      it("shows every page", async (t) => {
        const context = await windowOf(browser, { lang, size, theme });
        for (const { name, path, see } of pages()) {
          await t.test(name, async () => {
            const { page, troubles, close } = await visit(context, path);
            try {
              await settle(page);
              await page.screenshot({ path: join(SHOTS, `${name}.${lang}.${size}.${theme}.png`) });
              await see(page);
              assert.equal(await page.locator('[data-testid="trouble"]').count(), 0, "the page reports trouble");
              const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
              assert.ok(wide <= 0, `the page is ${wide} px too wide`);
              assert.deepEqual(await cutOff(page), []);
              const { simulated } = await api("online/devices");
              if (simulated) assert.ok((await page.locator(".badge.simulated").count()) > 0, "nothing says that the data are simulated");
              assert.deepEqual(troubles, []);
            } finally {
              await close();
            }
          });
        }
        await context.close();
      });
    });
  }
}

describe("ways through online monitoring", { skip: lacking }, () => {
  it("is told of new values by push", async () => {
    const { page, troubles, close } = await open(browser, "/online?view=tiles");
    await settle(page);
    await page.waitForSelector('[data-testid="push"][data-mode="push"]');
    const times = () => page.locator('[data-testid="device"] .foot').allTextContents();
    const first = await times();
    await page.waitForFunction((old) => [...document.querySelectorAll('[data-testid="device"] .foot')].some((foot, i) => foot.textContent !== old[i]), first, { timeout: 60_000 });
    assert.deepEqual(troubles, []);
    await close();
  });

  it("asks by itself when the push is cut, and says so", async () => {
    const { page, close } = await open(browser, "/online?view=tiles");
    await settle(page);
    await page.route("**/api/online/stream*", (route) => route.abort());
    let asked = 0;
    page.on("request", (request) => request.url().endsWith("/api/online/devices") && (asked += 1));
    await page.reload();
    await page.waitForSelector('[data-testid="push"][data-mode="polling"]');
    const deadline = Date.now() + 40_000;
    while (asked < 2 && Date.now() < deadline) await page.waitForTimeout(500);
    assert.ok(asked >= 2, "the page does not ask by itself");
    await page.unroute("**/api/online/stream*");
    await page.waitForSelector('[data-testid="push"][data-mode="push"]', { timeout: 30_000 });
    await close();
  });

  it("says why the gateway takes nothing", async () => {
    const { page, close } = await open(browser, "/rules");
    await page.route("**/api/online/stream*", (route) => route.abort());
    await page.route("**/api/online/gateway", async (route) => {
      const answer = await route.fetch();
      const body = { ...(await answer.json()), accepting: false, reason: { code: "disk-full", message: { zh: "数据盘已满", en: "the disk is full" } } };
      await route.fulfill({ response: answer, json: body });
    });
    await page.click('[data-testid="nav-online"]');
    await page.waitForSelector('[data-testid="gateway"][data-accepting="no"]');
    assert.match(await page.locator('[data-testid="gateway"]').textContent(), /数据盘已满/);
    await close();
  });

  it("finds devices by state, kind and words", async () => {
    const { page, close } = await open(browser, "/online?view=tiles");
    await settle(page);
    await page.click('[data-testid="count-online"]');
    await page.waitForFunction(() => new URL(location.href).searchParams.get("state") === "online");
    for (const link of await page.locator('[data-testid="device"]').evaluateAll((all) => all.map((one) => one.dataset.link))) assert.equal(link, "online");
    await page.click('[data-testid="count-online"]');
    const mn = await page.locator('[data-testid="device"]').nth(2).getAttribute("data-mn");
    await page.fill('[data-testid="wall-find"]', mn);
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="device"]').length === 1);
    await close();
  });

  it("keeps few tiles in the document with two thousand devices", async () => {
    const { page, close } = await open(browser, "/rules");
    await page.route("**/api/online/devices", async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      const devices = Array.from({ length: 2000 }, (_, i) => ({ ...body.devices[i % body.devices.length], mn: `many-${i}` }));
      await route.fulfill({ response: answer, json: { ...body, devices } });
    });
    await page.goto(`${found.url}/online?view=tiles`);
    await settle(page);
    const counted = await page.locator('[data-testid="device"]').count();
    assert.ok(counted > 4 && counted < 300, `${counted} tiles are in the document`);
    await page.evaluate(async () => {
      for (let step = 1; step <= 60; step += 1) {
        window.scrollTo(0, (document.documentElement.scrollHeight * step) / 60);
        await new Promise(requestAnimationFrame);
      }
    });
    assert.ok((await page.locator('[data-testid="device"]').count()) < 300, "tiles pile up while scrolling");
    assert.ok((await page.locator('[data-testid="device"]').count()) > 0, "nothing at the end of the wall");
    await page.goto(`${found.url}/online`);
    await settle(page);
    assert.ok((await page.locator('[data-testid="wall-told"]').count()) === 1, "so many devices do not begin compact");
    await close();
  });

  it("leads from a tile to the outlet, and from a point to its raw frame", async () => {
    const { page, troubles, close } = await open(browser, "/online?view=tiles");
    await settle(page);
    await page.fill('[data-testid="wall-find"]', outlet);
    await page.locator('[data-testid="device"]').first().click();
    await settle(page);
    assert.equal(new URL(page.url()).pathname, at(outlet));
    const box = await page.locator('[data-testid="curve-chart"]').boundingBox();
    await page.locator('[data-testid="curve-chart"]').scrollIntoViewIfNeeded();
    await page.locator('[data-testid="curve-chart"]').click({ position: { x: box.width * 0.7, y: 90 } });
    await frameOf(page).waitFor();
    await page.waitForSelector('[data-testid="frame-raw"]');
    assert.match(await page.locator('[data-testid="frame-raw"]').textContent(), /^##\d{4}/);
    assert.ok((await page.locator('[data-testid="frame-fields"] tr').count()) > 3, "the frame is not decoded");
    await page.screenshot({ path: join(SHOTS, "online-point-frame.zh.desktop.png") });
    await page.keyboard.press("Escape");
    await frameOf(page).waitFor({ state: "detached" });
    await page.locator('[data-testid="curve-points"] summary').click();
    await page.check('[data-testid="curve-every"]');
    await page.locator('[data-testid="point-frame"]').first().click();
    await page.waitForSelector('[data-testid="frame-raw"]');
    assert.deepEqual(troubles, []);
    await close();
  });

  it("shows every cadence that is held", async () => {
    const { page, troubles, close } = await open(browser, at(outlet));
    await settle(page);
    const { held } = await api(`online/outlets/${encodeURIComponent(outlet)}`);
    for (const { cadence } of held) {
      await page.click(`[data-testid="cadence-${cadence}"]`);
      await settle(page);
      await page.waitForSelector('[data-testid="curve-chart"] canvas');
    }
    assert.deepEqual(troubles, []);
    await close();
  });

  it("opens a day of the statement", async () => {
    const { page, troubles, close } = await open(browser, at(outlet, "?tab=statement"));
    await settle(page);
    await page.locator('[data-testid="open-day"]').first().click();
    await page.waitForSelector('[data-testid="hours"] tbody tr');
    await page.screenshot({ path: join(SHOTS, "online-hours.zh.desktop.png"), fullPage: true });
    assert.deepEqual(troubles, []);
    await close();
  });

  it("is walked by keyboard", async () => {
    const { page, close } = await open(browser, "/online?view=tiles");
    await settle(page);
    await page.focus('[data-testid="wall-size"]');
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "device");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.pathname.startsWith("/online/outlet/") || location.pathname === "/online/frames");
    await page.goto(found.url + at(outlet));
    await settle(page);
    await page.focus('[data-testid="tab-curve"]');
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => new URL(location.href).searchParams.get("tab") === "statement");
    await close();
  });

  it("shows a deviation with its clause and a frame, and hands over the ledger", async () => {
    const { page, close } = await open(browser, "/online/deviations");
    await settle(page);
    const [file] = await Promise.all([page.waitForEvent("download"), page.click('[data-testid="deviations-csv"]')]);
    assert.match(file.suggestedFilename(), /\.csv$/);
    await page.locator('[data-testid="example"]').first().click();
    await page.waitForSelector('[data-testid="frame-raw"]');
    await page.click('[data-testid="frame-close"]');
    await page.selectOption('[data-testid="deviations-by"]', "vendor");
    await page.waitForFunction(() => new URL(location.href).searchParams.get("by") === "vendor");
    await settle(page);
    assert.ok((await page.locator('[data-testid="example"]').count()) > 0, "no vendor is listed");
    await close();
  });

  it("finds frames by verdict and device", async () => {
    const { page, troubles, close } = await open(browser, "/online/frames");
    await settle(page);
    await page.selectOption('[data-testid="frames-verdict"]', "broken");
    await page.waitForFunction(() => [...document.querySelectorAll("[data-verdict]")].every((one) => one.dataset.verdict === "broken"));
    await page.selectOption('[data-testid="frames-verdict"]', "");
    await settle(page);
    const mn = (await api(`online/outlets/${encodeURIComponent(outlet)}`)).devices[0].mn;
    await page.fill('[data-testid="frames-mn"]', mn);
    await page.keyboard.press("Enter");
    await page.waitForFunction((wanted) => new URL(location.href).searchParams.get("mn") === wanted, mn);
    await settle(page);
    assert.ok((await page.locator('[data-testid="frame-link"]').count()) > 0, "the device has no frames");
    assert.deepEqual(troubles, []);
    await close();
  });

  it("tells who may not write, and why", async () => {
    const { page, close } = await open(browser, at(outlet, "?tab=dialogue"));
    await settle(page);
    assert.match(await page.locator('[data-testid="need-control"]').textContent(), /操作员/);
    await signIn(page, "nobody-has-this-token");
    await page.waitForSelector('[data-testid="operator"] [role="alert"]');
    await signIn(page, "令牌");
    assert.match(await page.locator('[data-testid="operator"] [role="alert"]').textContent(), /令牌/);
    await close();
  });
});

describe("operators", { skip: signed }, () => {
  it("talks with a device and sees the answers arrive", async () => {
    const { page, troubles, close } = await open(browser, at(outlet, "?tab=dialogue"));
    await settle(page);
    await signIn(page, found.tokens[0]);
    const { requests } = await api(`online/devices/${encodeURIComponent((await api(`online/outlets/${encodeURIComponent(outlet)}`)).devices[0].mn)}/dialogues`);
    const reading = requests.find((kind) => !kind.control && kind.fields.length === 0);
    await page.selectOption('[data-testid="request-kind"]', reading.id);
    await page.click('[data-testid="request-send"]');
    await page.waitForSelector('[data-testid="dialogue"]');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="dialogue"]:first-child [data-testid="step"]').length >= 2, undefined, { timeout: 60_000 });
    await page.waitForSelector('[data-testid="dialogue"][data-state="done"]', { timeout: 60_000 });
    await page.screenshot({ path: join(SHOTS, "online-dialogue-done.zh.desktop.png"), fullPage: true });
    const control = requests.find((kind) => kind.control);
    await page.selectOption('[data-testid="request-kind"]', control.id);
    assert.ok(await page.locator('[data-testid="request-send"]').isDisabled(), "control is sent without being confirmed");
    assert.deepEqual(troubles, []);
    await close();
  });

  it("acknowledges an alert with words", async (t) => {
    const { page, close } = await open(browser, "/online/alerts?state=open");
    await settle(page);
    if ((await page.locator('[data-testid="alert"]').count()) === 0) {
      t.skip("no alert is open");
      return close();
    }
    await signIn(page, found.tokens[0]);
    const id = await page.locator('[data-testid="alert"]').first().getAttribute("data-alert");
    const card = page.locator(`[data-alert="${id}"]`).last();
    await card.locator('[data-testid="alert-acknowledge"]').click();
    await card.locator('[data-testid="alert-note"]').fill("已通知企业检查");
    await card.locator('[data-testid="alert-send"]').click();
    await page.waitForFunction((gone) => !document.querySelector(`[data-testid="alert"][data-alert="${gone}"][data-state="open"]`), id);
    await close();
  });

  it("reviews with four eyes", async (t) => {
    const first = await open(browser, "/online/review");
    await settle(first.page);
    if ((await first.page.locator('[data-testid="run"]').count()) === 0) {
      t.skip("nothing is flagged");
      return first.close();
    }
    await signIn(first.page, found.tokens[0]);
    await first.page.check('[data-testid="review-override"]');
    await first.page.fill('[data-testid="review-reason"]', "启炉过程，值可信");
    await first.page.click('[data-testid="review-send"]');
    const proposal = first.page.locator('[data-testid="review"][data-state="proposed"]').filter({ hasText: "启炉过程，值可信" }).first();
    await proposal.waitFor();
    assert.equal(await proposal.locator('[data-testid="review-approve"]').count(), 0, "who proposed may approve");
    const second = await open(browser, "/online/review");
    await settle(second.page);
    await signIn(second.page, found.tokens[1]);
    const theirs = second.page.locator('[data-testid="review"][data-state="proposed"]').filter({ hasText: "启炉过程，值可信" }).first();
    await theirs.locator('[data-testid="review-approve"]').click();
    await second.page.locator('[data-testid="review"][data-state="approved"]').filter({ hasText: "启炉过程，值可信" }).first().waitFor();
    await second.page.screenshot({ path: join(SHOTS, "online-reviewed.zh.desktop.png"), fullPage: true });
    await first.close();
    await second.close();
  });

  it("marks a span with a reason", async () => {
    const { page, close } = await open(browser, at(outlet, "?tab=marks"));
    await settle(page);
    await signIn(page, found.tokens[0]);
    await page.waitForSelector('[data-testid="mark-kind"] option:nth-child(2)', { state: "attached" });
    const kind = await page.locator('[data-testid="mark-kind"] option').nth(1).getAttribute("value");
    await page.selectOption('[data-testid="mark-kind"]', kind);
    await page.fill('[data-testid="mark-from"]', "2026-01-01T08:00");
    await page.fill('[data-testid="mark-to"]', "2026-01-01T09:00");
    await page.fill('[data-testid="mark-reason"]', "季度维护");
    await page.click('[data-testid="mark-send"]');
    await page.locator('[data-testid="mark"]').filter({ hasText: "季度维护" }).first().waitFor();
    await close();
  });
});
