// Starts the system's Chromium and opens pages of a running server (JINGCE_URL), collecting everything that goes wrong in them.
import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const BASE = (process.env.JINGCE_URL ?? "").replace(/\/$/, "");
export const SHOTS = fileURLToPath(new URL("../../test-results/", import.meta.url));
export const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 375, height: 812 } };
export const LANGS = ["zh", "en"];

function browserPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
  }
  throw new Error("No Chromium found. Install it (Debian: apt-get install chromium) or name it in CHROMIUM.");
}

export async function launch() {
  if (!BASE) throw new Error("JINGCE_URL is not set. Start the server (jingce demo --port 8080) and set JINGCE_URL=http://127.0.0.1:8080.");
  mkdirSync(SHOTS, { recursive: true });
  const flags = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
  return chromium.launch({ executablePath: browserPath(), headless: true, args: flags });
}

/** A window in `lang` at `size`, as a person who chose `theme` has it. */
export async function windowOf(browser, { lang = "zh", size = "desktop", theme = "light" } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], deviceScaleFactor: 1, locale: lang === "zh" ? "zh-CN" : "en-GB", timezoneId: "Asia/Shanghai" });
  await context.addInitScript(([l, t]) => {
    if (!localStorage.getItem("jingce.lang")) localStorage.setItem("jingce.lang", l);
    if (!localStorage.getItem("jingce.theme")) localStorage.setItem("jingce.theme", t);
  }, [lang, theme]);
  return context;
}

/** A page of `context` at `path`; `troubles` fills with console errors, uncaught errors, failed and foreign requests. */
export async function visit(context, path) {
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => message.type() === "error" && troubles.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => troubles.push(`uncaught: ${error.message}`));
  page.on("response", (answer) => answer.status() >= 400 && troubles.push(`${answer.status()} ${answer.url()}`));
  page.on("request", (asked) => {
    if (!asked.url().startsWith(BASE) && !/^(blob|data):/.test(asked.url())) troubles.push(`foreign: ${asked.url()}`);
  });
  await page.goto(BASE + path);
  return { page, troubles, close: () => page.close() };
}

/** `visit` in a window of its own. */
export async function open(browser, path, look = {}) {
  const context = await windowOf(browser, look);
  return { ...(await visit(context, path)), close: () => context.close() };
}

/** Waits until the page shows data: nothing is being loaded, charts are drawn. */
export async function settle(page) {
  await page.waitForSelector("main[data-page]");
  await page.waitForFunction(
    () => {
      const undrawn = [...document.querySelectorAll(".chart")].some((chart) => !chart.dataset.drawn) || [...document.querySelectorAll("[data-testid=map]")].some((map) => map.dataset.rendered === undefined);
      return !document.querySelector(".wait") && !undrawn;
    },
    undefined,
    { timeout: 60_000 },
  );
}

export async function api(path) {
  const answer = await fetch(`${BASE}/api/${path}`);
  if (!answer.ok) throw new Error(`/api/${path} answered ${answer.status}`);
  return answer.json();
}

/** The area with a plan and the area with most measurements, with the year its statistics are valid. */
export async function places() {
  const areas = await api("areas");
  const planned = areas.find((area) => area.plan) ?? null;
  const measured = [...areas].sort((a, b) => b.years.length - a.years.length)[0];
  let year = null;
  for (const candidate of [...measured.years].sort((a, b) => b - a)) {
    const rows = await api(`indicators?area=${measured.id}&year=${candidate}`);
    if (rows.some((row) => row.valid && row.value !== null)) {
      year = candidate;
      break;
    }
  }
  return { areas, planned, measured, year };
}

/** What a person would see cut off: boxes pushed past the page's edge, and text that spills out of its card or panel. */
export async function cutOff(page) {
  return page.evaluate(() => {
    const told = (element) => `${element.tagName.toLowerCase()}.${element.className} “${(element.textContent ?? "").trim().slice(0, 40)}”`;
    const moves = ".scroll, .tabs, nav, .map, .chart, .visually-hidden, .skip";
    const past = [...document.querySelectorAll("body *")].filter((element) => !element.closest(moves) && element.getBoundingClientRect().right > innerWidth + 1);
    const spilling = [...document.querySelectorAll(".card, .panel, .page-head, button, .badge")].filter((element) => !element.closest(".map") && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && getComputedStyle(element).display !== "inline");
    return [...past.map((element) => `past the edge: ${told(element)}`), ...spilling.map((element) => `spills: ${told(element)}`)];
  });
}

/** Waits until the map has drawn more than `least` shapes, and tells the names of districts that can be read on it. */
export async function drawnMap(page, least) {
  await page.waitForFunction((n) => Number(document.querySelector('[data-testid="map"]')?.dataset.rendered) > n, least, { timeout: 30_000 });
  return page.locator(".map-label.district:not(.hidden)").allTextContents();
}

/** Looks: languages on a desk and on a phone, in Chinese also dark. */
export const LOOKS = LANGS.flatMap((lang) => Object.keys(SIZES).flatMap((size) => (lang === "zh" ? ["light", "dark"] : ["light"]).map((theme) => ({ lang, size, theme }))));

/** Shows one page in a look: it holds what `see` asks for, reports no trouble, nothing goes wrong, nothing is cut off. */
export async function shows(context, { name, path, see }, { lang, size, theme }) {
  const { page, troubles, close } = await visit(context, path);
  try {
    await settle(page);
    await page.screenshot({ path: join(SHOTS, `${name}.${lang}.${size}.${theme}.png`), fullPage: true });
    await see(page, size);
    assert.equal(await page.getAttribute("html", "data-theme"), theme);
    assert.equal(await page.getAttribute("html", "lang"), lang === "zh" ? "zh-CN" : "en");
    assert.equal(await page.locator('[data-testid="trouble"]').count(), 0, "the page reports trouble");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `the page is ${wide} px too wide`);
    assert.deepEqual(await cutOff(page), []);
    assert.deepEqual(troubles, []);
  } finally {
    await close();
  }
}

/** The area with most monitored media and what it has of them, newest year first; fails when no area has any. */
export async function monitored() {
  const areas = await api("areas");
  const all = await Promise.all(areas.map(async (area) => ({ area: area.id, media: await api(`media?area=${area.id}`) })));
  const best = all.sort((a, b) => b.media.length - a.media.length)[0];
  assert.ok(best && best.media.some((row) => row.from !== null), "no area has a medium with data");
  return best;
}

/** The file a button hands over, as bytes; fails with the page's words when it is refused. */
export async function handedOver(page, id) {
  const refused = page.waitForSelector(".failed", { timeout: 120_000 }).then(async (words) => Promise.reject(new Error(`${id}: ${await words.textContent()}`)));
  refused.catch(() => undefined);
  const [file] = await Promise.all([Promise.race([page.waitForEvent("download", { timeout: 120_000 }), refused]), page.click(`[data-testid="${id}"]`)]);
  const chunks = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  return { name: file.suggestedFilename(), bytes: Buffer.concat(chunks) };
}
