// Reads field names out of an OpenAPI file and out of TypeScript interfaces, so that a test can hold one against the other.
import type ts from "typescript";

interface Schema {
  type?: string;
  $ref?: string;
  properties?: Record<string, unknown>;
  allOf?: Schema[];
}

interface OpenApi {
  components?: { schemas?: Record<string, Schema> };
}

/** Sorted field names of every object schema, by the schema's name. */
export function fieldsOfSchemas(file: OpenApi): Map<string, string[]> {
  const all = file.components?.schemas ?? {};
  const fields = (schema: Schema | undefined): string[] => {
    if (!schema) return [];
    const behind = schema.$ref ? fields(all[schema.$ref.split("/").at(-1) ?? ""]) : [];
    return [...behind, ...(schema.allOf ?? []).flatMap(fields), ...Object.keys(schema.properties ?? {})];
  };
  const found = Object.entries(all).map(([name, schema]): [string, string[]] => [name, [...new Set(fields(schema))].sort()]);
  return new Map(found.filter(([, names]) => names.length > 0));
}

/** Sorted field names of every interface in `source`, by the interface's name. */
export function fieldsOfTypes(compiler: typeof ts, source: string): Map<string, string[]> {
  const file = compiler.createSourceFile("types.ts", source, compiler.ScriptTarget.ES2022);
  const found = new Map<string, string[]>();
  for (const statement of file.statements) {
    if (!compiler.isInterfaceDeclaration(statement)) continue;
    const names = statement.members.flatMap((member) => (member.name && compiler.isIdentifier(member.name) ? [member.name.text] : []));
    found.set(statement.name.text, names.sort());
  }
  return found;
}
