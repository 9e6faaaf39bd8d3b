// Starts the system's Chromium and opens pages of a running server (JINGCE_URL), collecting everything that goes wrong in them.
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

/** A page in `lang` at `size`; `troubles` fills with console errors, uncaught errors, failed and foreign requests. */
export async function open(browser, path, { lang = "zh", size = "desktop", theme = "light" } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], deviceScaleFactor: 1, locale: lang === "zh" ? "zh-CN" : "en-GB", timezoneId: "Asia/Shanghai" });
  await context.addInitScript(([l, t]) => {
    if (!localStorage.getItem("jingce.lang")) localStorage.setItem("jingce.lang", l);
    if (!localStorage.getItem("jingce.theme")) localStorage.setItem("jingce.theme", t);
  }, [lang, theme]);
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => message.type() === "error" && troubles.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => troubles.push(`uncaught: ${error.message}`));
  page.on("response", (answer) => answer.status() >= 400 && troubles.push(`${answer.status()} ${answer.url()}`));
  page.on("request", (asked) => {
    if (!asked.url().startsWith(BASE) && !/^(blob|data):/.test(asked.url())) troubles.push(`foreign: ${asked.url()}`);
  });
  await page.goto(BASE + path);
  return { page, troubles, close: () => context.close() };
}

/** Waits until the page shows data: nothing is being loaded, charts are drawn. */
export async function settle(page) {
  await page.waitForSelector("main[data-page]");
  await page.waitForFunction(
    () => !document.querySelector(".wait") && ![...document.querySelectorAll(".chart")].some((chart) => !chart.dataset.drawn),
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
