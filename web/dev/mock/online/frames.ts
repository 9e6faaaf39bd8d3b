// 模拟: raw frames and the ledger of their deviations.
import type { DeviationLedger, FrameDetail, FrameRow, Verdict } from "../../../src/api/online.ts";
import { noise, ok, two, type Answer, type Ask } from "../kit.ts";
import { DEVICES, MINUTE, iso } from "./devices.ts";

const KINDS = [
  { code: "crc-mismatch", breaks: true, title: two("CRC 不符", "CRC differs"), clause: two("HJ 212-2017 6.3.1", "HJ 212-2017 6.3.1"), message: two("CRC 为 8A3F，按数据段计算应为 1C80。请厂商检查 CRC 算法（不是 Modbus）。", "The CRC is 8A3F; computed from the segment it is 1C80. Ask the vendor to check the algorithm (it is not Modbus's).") },
  { code: "length-mismatch", breaks: true, title: two("长度不符", "Length differs"), clause: two("HJ 212-2017 6.3.1 表 2", "HJ 212-2017 6.3.1, table 2"), message: two("长度字段为 0135，实际 138 字节。", "The length says 0135, there are 138 bytes.") },
  { code: "missing-qn", breaks: false, title: two("缺少请求编码 QN", "QN is missing"), clause: two("HJ 212-2017 6.3.2 表 3", "HJ 212-2017 6.3.2, table 3"), message: two("数据段没有 QN，应为 17 位时间戳。", "The segment has no QN; it should be a time stamp of 17 digits.") },
  { code: "lower-case-field", breaks: false, title: two("字段名大小写错误", "Wrong case of a field"), clause: two("HJ 212-2017 6.6.1", "HJ 212-2017 6.6.1"), message: two("字段名“datatime”应为“DataTime”。", "The field “datatime” should be “DataTime”.") },
  { code: "unknown-code", breaks: false, title: two("附录 B 没有的因子编码", "A code Annex B does not have"), clause: two("HJ 212-2017 附录 B", "HJ 212-2017, annex B"), message: two("因子“a99999”不在附录 B 中，按原样保存。", "The code “a99999” is not in annex B; it is kept as sent.") },
];

function rowOf(id: number): FrameRow {
  const at = Date.now() - (900_000 - (id % 900_000)) * 4_000;
  const device = DEVICES[id % DEVICES.length];
  const chance = noise(`fr${id}`);
  const verdict: Verdict = chance > 0.95 ? "broken" : chance > 0.8 ? "deviates" : "conforms";
  const deviations = verdict === "broken" ? [KINDS[id % 2]?.code ?? ""] : verdict === "deviates" ? [KINDS[2 + (id % 3)]?.code ?? ""] : [];
  return { id, received: iso(at), connection: id % 300, peer: `127.0.0.1:${40_000 + (id % 9000)}`, source: device?.generation === "mqtt" ? "mqtt" : "hj212", mn: device?.mn ?? "", outlet: device?.outlet ?? null, st: "31", cn: "2011", command: two("上传污染物实时数据", "Real-time values"), qn: iso(at).replace(/\D/g, "").slice(0, 14) + "000", cadence: "realtime", data_time: iso(at), pnum: 1, pno: 1, verdict, deviations, bytes: 268, simulated: true };
}

function detail(id: number): FrameDetail {
  const frame = rowOf(id);
  const time = iso(Date.parse(frame.data_time ?? "")).replace(/\D/g, "").slice(0, 14);
  const field = (name: string, value: string, title: [string, string] | null = null, unit: string | null = null) => ({ name, value, title: title && two(...title), unit });
  const head = [field("QN", frame.qn, ["请求编码", "Request number"]), field("ST", frame.st, ["系统编码：大气污染源", "System: air pollution source"]), field("CN", frame.cn, ["命令编码：实时数据", "Command: real-time values"]), field("PW", "******", ["访问密码", "Password"]), field("MN", frame.mn, ["设备唯一标识", "Device"]), field("Flag", "5", ["拆分包及应答标志", "Packets and answer"])];
  const groups = [[field("DataTime", time, ["数据时间", "Data time"])], [field("a21026-Rtd", "18.4", ["二氧化硫 实时值", "SO2, real-time"], "mg/m3"), field("a21026-ZsRtd", "19.5", ["二氧化硫 折算值", "SO2, converted"], "mg/m3"), field("a21026-Flag", "N", ["数据标记：正常", "Flag: normal"])], [field("a21002-Rtd", "31.7", ["氮氧化物 实时值", "NOx, real-time"], "mg/m3"), field("a21002-Flag", "N", ["数据标记：正常", "Flag: normal"])]];
  const segment = `${head.map((one) => `${one.name}=${one.value}`).join(";")};CP=&&${groups.map((group) => group.map((one) => `${one.name}=${one.value}`).join(",")).join(";")}&&`;
  return { frame, raw: `##${String(segment.length).padStart(4, "0")}${segment}8A3F\r\n`, hex: null, generation: "2017", length_ok: !frame.deviations.includes("length-mismatch"), crc_ok: !frame.deviations.includes("crc-mismatch"), encrypted: false, deviations: KINDS.filter((kind) => frame.deviations.includes(kind.code)), head, groups, same: noise(`same${id}`) > 0.7 ? [id + 37] : [], answered: frame.verdict === "broken" ? null : frame.received };
}

function ledger(query: URLSearchParams): DeviationLedger {
  const by = query.get("by") === "vendor" ? "vendor" : "device";
  const subjects = by === "vendor" ? [...new Set(DEVICES.map((device) => device.vendor ?? ""))].map((vendor) => ({ subject: vendor, outlet: null, vendor: vendor || null, devices: DEVICES.filter((device) => (device.vendor ?? "") === vendor).length })) : DEVICES.filter((device) => device.deviations_today > 0 || device.outlet === null).map((device) => ({ subject: device.mn, outlet: device.outlet, vendor: device.vendor, devices: 1 }));
  const rows = subjects.flatMap((subject) => KINDS.filter((kind) => noise(`${subject.subject}${kind.code}`) > 0.55).map((kind) => {
    const count = Math.round(noise(`c${subject.subject}${kind.code}`) * 300 * subject.devices) + 1;
    return { ...subject, code: kind.code, title: kind.title, clause: kind.clause, breaks: kind.breaks, count, frames: 9000 * subject.devices, first: iso(Date.now() - 6000 * MINUTE), last: iso(Date.now() - 3 * MINUTE), example: 120_000 + count, simulated: true };
  }));
  return { by, from: query.get("from") ?? "", to: query.get("to") ?? "", frames: 1_874_223, rows: rows.sort((a, b) => b.count - a.count), simulated: true };
}

function list(query: URLSearchParams): Answer {
  const limit = Number(query.get("limit") ?? 100);
  const before = Number(query.get("before") ?? 890_000);
  const fits = (row: FrameRow) => (!query.get("mn") || row.mn === query.get("mn")) && (!query.get("verdict") || row.verdict === query.get("verdict")) && (!query.get("deviation") || row.deviations.includes(query.get("deviation") ?? ""));
  const found: FrameRow[] = [];
  let id = before - 1;
  for (; id > before - 60_000 && found.length < limit; id -= 1) {
    const row = rowOf(id);
    if (fits(row)) found.push(row);
  }
  return ok({ frames: found, next: found.length === limit ? id + 1 : null, simulated: true });
}

export function frames({ path, query }: Ask): Answer {
  if (path === "online/frames") return list(query);
  const id = path.match(/^online\/frames\/(\d+)$/)?.[1];
  if (id) return ok(detail(Number(id)));
  if (path === "online/deviations") return ok(ledger(query));
  if (path === "online/deviations.csv") return ok(`subject,code,count\n${ledger(query).rows.map((row) => `${row.subject},${row.code},${row.count}`).join("\n")}\n`);
  return null;
}
