// What can be completed in a mapping, from the data set's columns, the vocabularies and the
// functions of this server (`mapping/words.json`).

export interface Word {
  name: string;
  labels: { ja?: string; en?: string };
}

export interface FunctionWord {
  name: string;
  parameters: { name: string; required: boolean }[];
  summary: { ja: string; en: string };
}

export interface Words {
  columns: Record<string, string[]>;
  classes: Word[];
  properties: Word[];
  functions: FunctionWord[];
  prefixes: Record<string, string>;
  schema: Schema;
}

/** The part of JSON Schema that the mapping's schema uses. */
export interface Schema {
  $ref?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema | Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  definitions?: Record<string, Schema>;
  enum?: string[];
  description?: string;
}

/** The words behind an address. Throws when it cannot be reached. */
export async function fetchWords(address: string): Promise<Words> {
  const reply = await fetch(address, { headers: { accept: "application/json" } });
  if (!reply.ok) throw new Error(`${reply.status}`);
  return (await reply.json()) as Words;
}
