// What the server says of a mapping as it stands (`mapping/try`): what is wrong, or what the first
// rows give. Texts that repeat are told once, so that fifty rows are some tens of kilobytes.

export interface Fault {
  message: string;
  hint: string;
  line: number | null;
  column: number | null;
}

/** Where statements come from: columns, others that had a part, lines of the mapping. */
export interface Origin {
  columns: string[];
  also: string[];
  lines: number[];
}

/** Subject (empty: the thing of the row), property, value, number of the origin, whether a link. */
export type Statement = [string, string, string, number, boolean];

export interface Row {
  source: number;
  line: number;
  title: string;
  cells: (string | null)[];
  statements: Statement[];
}

export interface Shown {
  totals: { rows: number; triples: number; links: number; findings: number };
  sources: { name: string; columns: string[]; unmapped: string[] }[];
  origins: Origin[];
  rows: Row[];
  findings: string[];
}

export interface Tried {
  faults: Fault[];
  shown: Shown | null;
}

/** Try a text. Throws when the server cannot be reached or the session has ended. */
export async function tryMapping(address: string, key: string, text: string, stop: AbortSignal): Promise<Tried> {
  const body = new FormData();
  body.append("key", key);
  body.append("text", text);
  const headers = { accept: "application/json" };
  const reply = await fetch(address, { method: "POST", body, headers, signal: stop });
  if (!reply.ok) throw new Error(`${reply.status}`);
  return (await reply.json()) as Tried;
}
