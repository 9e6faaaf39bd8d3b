// 模拟: alerts, marks, reviews, dialogues and operators. The token `one` reviews and controls, `two` approves, `three` may nothing.
import type { Act, Alert, Dialogue, DialogueList, FlaggedRun, Mark, NewMark, NewRequest, NewReview, Note, Operator, RequestKind, Review, Scope, StreamEvent } from "../../../src/api/online.ts";
import { noise, ok, refuse, two, type Answer, type Ask } from "../kit.ts";
import { ALERTS, BEGAN, DEVICES, MINUTE, PARAMETERS, iso } from "./devices.ts";
import { MARKS } from "./series.ts";

const OPERATORS: Record<string, Operator> = { one: { name: "模拟王工", scopes: ["control", "review", "acknowledge"] }, two: { name: "模拟赵工", scopes: ["approve", "review", "acknowledge"] }, three: { name: "模拟访客", scopes: [] } };
export const told: ((event: StreamEvent) => void)[] = [];
const tell = (event: StreamEvent) => told.forEach((listener) => listener(event));

const field = (name: string, zh: string, en: string, type: "time" | "number" | "text" | "choice", more: object = {}) => ({ name, title: two(zh, en), type, unit: null, required: true, min: null, max: null, choices: [], usual: null, ...more });
const span = () => [field("from", "开始", "From", "time", { usual: iso(BEGAN - 120 * MINUTE) }), field("to", "结束", "To", "time", { usual: iso(BEGAN) })];
const REQUESTS: RequestKind[] = [
  { id: "time-get", cn: "1011", title: two("读取设备时间", "Read the clock"), control: false, fields: [] },
  { id: "history-minute", cn: "2051", title: two("补取分钟数据", "Minute values of a span"), control: false, fields: span() },
  { id: "history-hour", cn: "2061", title: two("补取小时数据", "Hour values of a span"), control: false, fields: span() },
  { id: "interval-realtime-get", cn: "1061", title: two("读取实时数据间隔", "Read the real-time interval"), control: false, fields: [] },
  { id: "time-set", cn: "1012", title: two("设置设备时间", "Set the clock"), control: true, fields: [field("time", "时间", "Time", "time", { usual: iso(BEGAN) })] },
  { id: "interval-realtime-set", cn: "1062", title: two("设置实时数据间隔", "Set the real-time interval"), control: true, fields: [field("interval", "间隔", "Interval", "number", { unit: "s", min: 30, max: 3600, usual: "60" })] },
  { id: "calibrate", cn: "3011", title: two("零点与量程校准", "Zero and span calibration"), control: true, fields: [field("parameter", "因子", "Parameter", "choice", { choices: [{ value: "a21026", title: two("二氧化硫", "SO2") }, { value: "a21002", title: two("氮氧化物", "NOx") }], usual: "a21026" })] },
];
const DIALOGUES: Dialogue[] = [];

function ask(mn: string, body: NewRequest, who: string): Answer {
  const device = DEVICES.find((each) => each.mn === mn);
  if (!device?.connected) return refuse(409, "not-connected", `设备 ${mn} 没有连接`, `device ${mn} is not connected`);
  const kind = REQUESTS.find((each) => each.id === body.request);
  if (!kind) return refuse(400, "no-such-request", `没有请求“${body.request}”`, `there is no request “${body.request}”`);
  const at = Date.now();
  const raw = (cn: string, cp: string) => `##0112QN=${iso(at).replace(/\D/g, "").slice(0, 14)}000;ST=91;CN=${cn};PW=******;MN=${mn};Flag=5;CP=&&${cp}&&1C80`;
  let now: Dialogue = { id: `d-${DIALOGUES.length + 1}`, mn, request: kind.id, title: kind.title, actor: who, started: iso(at), ended: null, state: "asked", steps: [{ time: iso(at), direction: "out", cn: kind.cn, raw: raw(kind.cn, ""), words: two(`平台发出：${kind.title.zh}`, `The platform asks: ${kind.title.en}`), frame: null }], data_frames: 0, result: null };
  DIALOGUES.unshift(now);
  const step = (after: number, change: (old: Dialogue) => Dialogue) => setTimeout(() => {
    now = change(now);
    DIALOGUES[DIALOGUES.findIndex((each) => each.id === now.id)] = now;
    tell({ kind: "dialogue", dialogue: now });
  }, after);
  const came = (old: Dialogue, cn: string, zh: string, en: string, frame: number | null = null) => [...old.steps, { time: iso(Date.now()), direction: "in" as const, cn, raw: raw(cn, cn === "9011" ? "QnRtn=1" : cn === "9012" ? "ExeRtn=1" : "DataTime=20260101080000;a21026-Avg=18.4"), words: two(zh, en), frame }];
  step(700, (old) => ({ ...old, state: "accepted", steps: came(old, "9011", "设备应答：准备执行（QnRtn=1）", "The device is ready (QnRtn=1)") }));
  if (kind.id.startsWith("history")) for (let i = 1; i <= 4; i += 1) step(700 + i * 500, (old) => ({ ...old, data_frames: i, steps: came(old, kind.cn, `收到数据报文 ${i}`, `Data frame ${i}`, 500_000 + i) }));
  step(3500, (old) => ({ ...old, state: "done", ended: iso(Date.now()), steps: came(old, "9012", "执行成功（ExeRtn=1）", "Done (ExeRtn=1)"), result: two("执行成功", "Done") }));
  return { status: 202, body: now };
}

const REVIEWS: Review[] = [];
const QUEUE: FlaggedRun[] = DEVICES.filter((device) => device.outlet?.kind === "gas" || device.outlet?.kind === "air").slice(0, 14).flatMap((device, at) => {
  const value = device.values[at % 3];
  if (!device.outlet || !value) return [];
  const first = Math.floor((BEGAN - (40 + at * 130) * MINUTE) / 600_000) * 600_000;
  const flat = at % 3 === 1;
  return [{ outlet: device.outlet, mn: device.mn, code: value.code, unit: value.unit, cadence: "minute" as const, first: iso(first), last: iso(first + (flat ? 8 : 0) * 600_000), count: flat ? 9 : 1, lowest: value.value, highest: value.value, flag: at % 2 === 0 ? (3 as const) : (4 as const), qc: [flat ? { test: "flat", flag: 4 as const, words: two(`连续 9 个值均为 ${value.value}，最多允许 5 个`, `9 values in a row are ${value.value}, 5 are allowed`) } : { test: "spike", flag: 3 as const, words: two(`前后值 17.9 与 18.3，本值 ${value.value}，超过阈值 9`, `neighbours 17.9 and 18.3, this one ${value.value}, more than 9 allowed`) }], frame: 300_000 + at, simulated: true }];
});
const act = (who: string, note: string): Act => ({ who, at: iso(Date.now()), note });

function propose(body: NewReview, who: string): Answer {
  const at = QUEUE.findIndex((run) => run.mn === body.mn && run.code === body.code && run.first === body.first);
  const run = QUEUE[at];
  if (!run) return refuse(409, "decided-already", "这些值已有人提交意见", "somebody has proposed about these values already");
  QUEUE.splice(at, 1);
  const review: Review = { id: `rv-${REVIEWS.length + 1}`, outlet: run.outlet, mn: run.mn, code: run.code, cadence: run.cadence, first: run.first, last: run.last, count: run.count, qc: run.qc, decision: body.decision, flag: body.flag, state: "proposed", proposed: act(who, body.reason), decided: null, simulated: true };
  REVIEWS.unshift(review);
  return ok(review);
}
function decide(id: string, way: string, note: string, who: string): Answer {
  const review = REVIEWS.find((each) => each.id === id);
  if (!review) return refuse(404, "no-such-review", "没有这条审核意见", "there is no such review");
  if (review.proposed.who === who) return refuse(403, "same-person", "提交人不能复核自己的意见", "who proposed may not approve");
  Object.assign(review, { state: way === "approve" ? "approved" : "rejected", decided: act(who, note) });
  return ok(review);
}
for (const at of [0, 1]) {
  const run = QUEUE[at];
  if (run) propose({ outlet: run.outlet.code, mn: run.mn, code: run.code, cadence: run.cadence, first: run.first, last: run.last, decision: at === 0 ? "override" : "accept", flag: at === 0 ? 1 : null, reason: at === 0 ? "模拟：启炉过程，值可信" : "模拟：探头堵塞，标识成立" }, "模拟王工");
}
decide("rv-2", "approve", "模拟：已核对运维记录", "模拟赵工");

function needed({ method, path }: Ask): Scope | null {
  if (method !== "POST" || !path.startsWith("online/")) return null;
  if (path.endsWith("/acknowledge")) return "acknowledge";
  if (path.endsWith("/requests")) return "control";
  return /\/(approve|reject)$/.test(path) ? "approve" : "review";
}

function alerts(query: URLSearchParams): Answer {
  const state = query.get("state");
  const found = ALERTS.filter((alert) => !state || alert.state === state).toSorted((a, b) => (a.raised < b.raised ? 1 : -1));
  const counts = { open: 0, acknowledged: 0, recovered: 0 };
  for (const alert of ALERTS) counts[alert.state] += 1;
  return ok({ alerts: found, counts, next: null, simulated: true });
}

function write(ask_: Ask, who: string): Answer {
  const { path, body } = ask_;
  const [, alert] = path.match(/^online\/alerts\/([^/]+)\/acknowledge$/) ?? [];
  if (alert) {
    const found = ALERTS.find((each) => each.id === alert);
    if (!found) return refuse(404, "no-such-alert", "没有这条报警", "there is no such alert");
    Object.assign(found, { acknowledged: act(who, (body as Note).note), state: found.state === "recovered" ? "recovered" : "acknowledged" } satisfies Partial<Alert>);
    tell({ kind: "alert", alert: found });
    return ok(found);
  }
  if (path === "online/marks") {
    const news = body as NewMark;
    const outlet = DEVICES.find((device) => device.outlet?.code === news.outlet)?.outlet;
    if (!outlet) return refuse(404, "no-such-outlet", "没有这个排口", "there is no such outlet");
    const mark: Mark = { ...news, id: `mk-${MARKS.length + 100}`, outlet, title: KINDS.find((kind) => kind.id === news.kind)?.title ?? two("", ""), source: "person", who, at: iso(Date.now()), withdrawn: null, simulated: true };
    MARKS.unshift(mark);
    return ok(mark);
  }
  const [, gone] = path.match(/^online\/marks\/([^/]+)\/withdraw$/) ?? [];
  const mark = MARKS.find((each) => each.id === gone);
  if (mark) return ok(Object.assign(mark, { withdrawn: act(who, (body as Note).note) }));
  if (path === "online/reviews") return propose(body as NewReview, who);
  const [, review, way] = path.match(/^online\/reviews\/([^/]+)\/(approve|reject)$/) ?? [];
  if (review && way) return decide(review, way, (body as Note).note, who);
  const [, mn] = path.match(/^online\/devices\/([^/]+)\/requests$/) ?? [];
  return mn ? ask(decodeURIComponent(mn), body as NewRequest, who) : null;
}
const KINDS = [
  { id: "maintenance", title: two("仪器维护", "Instrument maintenance"), confidence: "probable" as const },
  { id: "calibration", title: two("校准", "Calibration"), confidence: "probable" as const },
  { id: "stop", title: two("停运", "Plant stopped"), confidence: "unconfirmed" as const },
  { id: "start-up", title: two("启炉", "Start-up"), confidence: "unconfirmed" as const },
];

export function people(asked: Ask): Answer {
  const { path, query, token } = asked;
  const who = token === null ? undefined : OPERATORS[token];
  if (path === "online/operator") return who ? ok(who) : refuse(401, "no-operator", "令牌无效。请向管理员领取新的令牌。", "Nobody has this token. Ask the administrator for a new one.");
  const scope = needed(asked);
  if (scope) {
    if (!who) return refuse(401, "no-operator", "请先以操作员身份登录", "sign in as an operator first");
    if (!who.scopes.includes(scope)) return refuse(403, "no-scope", `操作员 ${who.name} 没有权限“${scope}”`, `operator ${who.name} lacks the right “${scope}”`);
    return write(asked, who.name);
  }
  if (path === "online/alerts") return alerts(query);
  if (path === "online/marks") return ok({ marks: MARKS.filter((mark) => !query.get("outlet") || mark.outlet.code === query.get("outlet")), kinds: KINDS, simulated: true });
  if (path === "online/reviews") return ok({ as_of: query.get("as_of"), queue: QUEUE, more: noise("more") > 2 ? 1 : 0, reviews: REVIEWS, tests: [{ id: "spike", title: two("突变", "Spike") }, { id: "flat", title: two("恒值", "Flat line") }], parameters: PARAMETERS, simulated: true });
  const [, mn] = path.match(/^online\/devices\/([^/]+)\/dialogues$/) ?? [];
  if (!mn) return null;
  const list: DialogueList = { mn: decodeURIComponent(mn), connected: DEVICES.find((device) => device.mn === decodeURIComponent(mn))?.connected ?? false, requests: REQUESTS, dialogues: DIALOGUES.filter((each) => each.mn === decodeURIComponent(mn)), simulated: true };
  return ok(list);
}
