// Which keys and values may stand at a place of a mapping, by its JSON Schema.

import type { Schema } from "./words";

/** The schemas that a place with these keys above it may have; lists are looked into. */
export function schemasAt(root: Schema, path: string[]): Schema[] {
  let here = variants(root, root);
  for (const key of path) {
    here = here.flatMap((schema) => {
      const named = schema.properties?.[key];
      if (named !== undefined) return variants(root, named);
      const other = schema.additionalProperties;
      return typeof other === "object" ? variants(root, other) : [];
    });
  }
  return here;
}

/** The keys that may stand at a place, with what they are for. */
export function keysAt(root: Schema, path: string[]): Map<string, string> {
  const keys = new Map<string, string>();
  for (const schema of schemasAt(root, path)) {
    for (const [key, value] of Object.entries(schema.properties ?? {})) {
      if (!keys.has(key)) keys.set(key, value.description ?? "");
    }
  }
  return keys;
}

/** The words that a place takes, where the schema lists them. */
export function valuesAt(root: Schema, path: string[]): string[] {
  return [...new Set(schemasAt(root, path).flatMap((schema) => schema.enum ?? []))];
}

function variants(root: Schema, schema: Schema, depth = 0): Schema[] {
  if (depth > 12) return [];
  const inside: Schema[] = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (schema.$ref !== undefined) {
    const named = root.definitions?.[schema.$ref.replace("#/definitions/", "")];
    if (named !== undefined) inside.push(named);
  }
  if (Array.isArray(schema.items)) inside.push(...schema.items);
  else if (schema.items !== undefined) inside.push(schema.items);
  return [schema, ...inside.flatMap((each) => variants(root, each, depth + 1))];
}
