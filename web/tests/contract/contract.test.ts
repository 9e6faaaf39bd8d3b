// Holds the types of src/api against the server's golden OpenAPI file: a schema and a type of the same name have the same fields.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { fieldsOfSchemas, fieldsOfTypes } from "./contract";

const OPENAPI = fileURLToPath(new URL("../../../crates/server/openapi.json", import.meta.url));
const SOURCES = ["types.ts", "online.ts", "online-values.ts", "online-frames.ts", "online-acts.ts", "media.ts", "plan-full.ts"].map((name) => readFileSync(fileURLToPath(new URL(`../../src/api/${name}`, import.meta.url)), "utf8"));

describe.skipIf(!existsSync(OPENAPI))("crates/server/openapi.json (skipped: the file is absent)", () => {
  const schemas = existsSync(OPENAPI) ? fieldsOfSchemas(JSON.parse(readFileSync(OPENAPI, "utf8"))) : new Map<string, string[]>();
  const types = new Map(SOURCES.flatMap((source) => [...fieldsOfTypes(ts, source)]));
  const shared = [...schemas.keys()].filter((name) => types.has(name));

  it("names most types of the pages", () => expect(shared.length).toBeGreaterThan(10));
  it.each(shared)("%s has the same fields", (name) => expect(types.get(name)).toEqual(schemas.get(name)));
});

it("reads the fields of interfaces and of object schemas, also behind allOf", () => {
  expect(fieldsOfTypes(ts, "export interface Text { zh: string; en?: string }\nexport type State = 'a';")).toEqual(new Map([["Text", ["en", "zh"]]]));
  const base = { type: "object", properties: { zh: {} } };
  const file = { components: { schemas: { Text: base, More: { allOf: [{ $ref: "#/components/schemas/Text" }, { properties: { en: {} } }] }, State: { type: "string" } } } };
  expect(fieldsOfSchemas(file)).toEqual(new Map([["Text", ["zh"]], ["More", ["en", "zh"]]]));
});
