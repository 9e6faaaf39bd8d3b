// 模拟: an import that always finds the same three problems.
import { ok, refuse, two, type Answer, type Ask } from "./kit.ts";

const problem = (row: number, column: string, raw: string) => ({ severity: "error", code: "not-a-number", file: "模拟.csv", sheet: null, row, column, raw, message: two(`“${raw}”不是数。请改为数或留空。`, `“${raw}” is not a number. Make it one or leave it empty.`) });
const PROBLEMS = [problem(4, "PM2.5", "abc"), problem(9, "date", "2021-02-31"), problem(12, "CO", "1e9")];
const DONE = { id: "i1", file: "模拟.csv", mapping: "mock", sha256: "0".repeat(64), recorded: "2026-01-01T00:00:00Z", rows: 8760, values: 52000, new: 51000, unchanged: 0, revised: 0, missing: 1000, problems: 3, errors: 3, state: "done" };

export function imports({ path, method }: Ask): Answer {
  if (path === "mappings") return ok([{ id: "mock", title: two("模拟映射", "simulated mapping"), into: "observations", description: two("宽表，每站每小时一行，含 PM2.5 等", "wide, one row per station and hour"), columns: ["date", "hour", "PM2.5"], formats: ["csv", "xlsx"] }]);
  if (path === "imports" && method === "POST") return { status: 202, body: { job: "j1" } };
  if (path === "imports") return ok([DONE]);
  if (path === "jobs/j1") return ok({ state: "done", progress: 1, text: two("模拟导入完成", "simulated import done"), import: DONE, problems: PROBLEMS, error: null });
  if (path === "imports/i1/problems") return ok({ total: 3, problems: PROBLEMS });
  if (path === "imports/i1/rejects.csv") return ok("row,column,raw\n4,PM2.5,abc\n");
  if (path.startsWith("reports/")) return refuse(409, "simulated", "模拟服务不生成报告", "the simulated server makes no reports");
  return null;
}
