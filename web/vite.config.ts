// Builds web/dist, which the server embeds; in development forwards /api to a running server.
// JINGCE_API names that server; JINGCE_MOCK=1 answers from dev/mock.ts instead (simulated data, never in the build).
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { PluginOption } from "vite";
import { defineConfig } from "vitest/config";
import { mockApi } from "./dev/mock.ts";

const api = process.env["JINGCE_API"] ?? "http://127.0.0.1:8080";
const mock = process.env["JINGCE_MOCK"] === "1";
const plugins: PluginOption[] = [svelte()];
if (mock) plugins.push(mockApi());

export default defineConfig({
  plugins,
  build: { target: "es2022", chunkSizeWarningLimit: 1200 },
  worker: { format: "es" },
  server: { host: "127.0.0.1", ...(mock ? {} : { proxy: { "/api": api, "/healthz": api } }) },
  // Tests of pure helpers; tests/browser has its own command, which needs a running server.
  test: { include: ["src/**/*.test.ts", "tests/contract/*.test.ts"], environment: "node" },
});
