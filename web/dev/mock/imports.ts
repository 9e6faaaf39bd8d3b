// 模拟: an import that takes a moment and always finds the same three problems.
import { ok, refuse, two, type Answer, type Ask } from "./kit.ts";

const problem = (row: number, column: string, raw: string, zh: string, en: string) => ({ severity: "error", code: "mock", file: "模拟.csv", sheet: null, row, column, raw, message: two(`“${raw}”${zh}`, `“${raw}” ${en}`) });
const PROBLEMS = [
  problem(4, "PM2.5", "abc", "不是数。请改为数或留空。", "is not a number. Make it one or leave it empty."),
  problem(9, "date", "2021-02-31", "不是日历上的日期。请更正。", "is not a date of the calendar. Correct it."),
  problem(12, "CO", "1e9", "超出可能范围。请核对单位。", "is out of range. Check the unit."),
];
const DONE = { id: "i1", file: "模拟.csv", mapping: "mock", sha256: "9f2a".repeat(16), recorded: "2026-01-01T00:00:00Z", rows: 8760, values: 52000, new: 51000, unchanged: 0, revised: 0, missing: 1000, problems: 3, errors: 3, state: "done" };
const CLEAN = { ...DONE, id: "i0", file: "beijing-2013-2017.parquet", rows: 420768, values: 2524608, new: 2483510, problems: 0, errors: 0, missing: 41098, recorded: "2025-12-30T08:12:00Z" };
const MAPPING = { id: "mock", title: two("模拟映射：逐小时宽表", "simulated mapping: wide hourly table"), into: "observations", description: two("宽表，每站每小时一行，含 PM2.5、PM10、SO2、NO2、CO、O3", "wide, one row per station and hour"), columns: ["station", "date", "hour", "PM2.5", "PM10", "SO2", "NO2", "CO", "O3"], formats: ["csv", "xlsx"], needs_station: false };

let asked = 0;
function job(): Answer {
  asked += 1;
  if (asked < 4) return ok({ state: "running", progress: asked / 4, text: two(`模拟：已读 ${asked * 2190} 行`, `simulated: ${asked * 2190} rows read`), import: null, problems: [], error: null });
  return ok({ state: "done", progress: 1, text: two("模拟导入完成", "simulated import done"), import: DONE, problems: PROBLEMS, error: null });
}

export function imports({ path, method }: Ask): Answer {
  if (path === "mappings") return ok([MAPPING, { ...MAPPING, id: "mock-stations", title: two("模拟映射：站点清单", "simulated mapping: stations"), into: "stations" }]);
  if (path === "imports" && method === "POST") {
    asked = 0;
    return { status: 202, body: { job: "j1" } };
  }
  if (path === "imports") return ok([CLEAN, DONE]);
  if (path === "jobs/j1") return job();
  if (path === "imports/i1/problems") return ok({ total: 3, problems: PROBLEMS });
  if (path === "imports/i1/rejects.csv") return ok("row,column,raw\n4,PM2.5,abc\n");
  if (path.startsWith("reports/") || path.endsWith("/export")) return refuse(409, "simulated", "模拟服务不生成报告", "the simulated server makes no reports");
  return null;
}
