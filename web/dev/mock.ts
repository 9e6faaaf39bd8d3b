// 模拟 (simulated): answers the HTTP contract with invented data, for work on pages without a server.
// Only `npm run dev:mock` loads it; the build never does. Every name it sends says 模拟.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { air } from "./mock/air.ts";
import { imports } from "./mock/imports.ts";
import { media } from "./mock/media.ts";
import { online, stream } from "./mock/online.ts";
import { places } from "./mock/places.ts";
import { planFull } from "./mock/plan-full.ts";
import { plan } from "./mock/plan.ts";
import { refuse, type Answer, type Ask } from "./mock/kit.ts";

const ROUTES: ((ask: Ask) => Answer)[] = [imports, online, media, planFull, places, plan, air];

function handle(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://mock");
  if (url.pathname === "/api/online/stream") {
    stream(response, url.searchParams.get("outlet"));
    return;
  }
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const sent = request.headers["content-type"] === "application/json" ? (JSON.parse(Buffer.concat(pieces).toString("utf8")) as unknown) : null;
    const token = request.headers.authorization?.replace(/^Bearer /, "") ?? null;
    const ask: Ask = { path: url.pathname.replace(/^\/api\//, ""), query: url.searchParams, method: request.method ?? "GET", body: sent, token };
    let answer: Answer = null;
    for (const route of ROUTES) answer ??= route(ask);
    const { status, body } = answer ?? refuse(404, "not-found", "模拟服务没有这个地址", "the simulated server has no such address");
    response.statusCode = status;
    response.setHeader("content-type", typeof body === "string" ? "text/csv; charset=utf-8" : "application/json");
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
}

export function mockApi(): Plugin {
  return {
    name: "jingce-mock",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith("/api/")) handle(request, response);
        else next();
      });
    },
  };
}
