// Sends a query and reads what comes back: a table, a yes or no, statements, or an error.

import { language, number, say } from "../page/language";
import { parseNTriples } from "../rdf/ntriples";
import type { Row, Statement, Table } from "../rdf/terms";

export type Outcome = { seconds: number; note: Note } & (
  | { kind: "table"; table: Table }
  | { kind: "boolean"; value: boolean }
  | { kind: "graph"; statements: Statement[] }
  | { kind: "failure"; failure: Failure }
);

/** How whole the result is, for the banner. */
export interface Note {
  state: "complete" | "limited" | "failed";
  text: string;
}

export interface Failure {
  code: string;
  message: string;
  hint: string | null;
  line: number | null;
  column: number | null;
  /** What was probably meant instead of so many characters there. */
  instead: string | null;
  replaces: number;
}

interface Problem {
  code?: string;
  message?: { ja: string; en: string };
  hint?: { ja: string; en: string };
  place?: { line?: number; column?: number };
  instead?: string;
  replaces?: number;
}

// A page with more than this helps nobody and makes the browser slow; a file has all of it.
const READ_BYTES = 24 << 20;
const ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9";

/** Run a query. Network failures and errors of the query are outcomes, not exceptions; only an
 * abort by the signal is thrown. */
export async function run(endpoint: string, query: string, signal: AbortSignal): Promise<Outcome> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  try {
    const reply = await fetch(endpoint, {
      method: "POST",
      headers: { accept: ACCEPT, "content-type": "application/sparql-query" },
      body: query,
      signal,
    });
    if (!reply.ok) return failed(await problem(reply), seconds());
    const { text, whole } = await read(reply);
    const capped = /^\s*limited/.test(reply.headers.get("tsunagu-result") ?? "");
    const type = reply.headers.get("content-type") ?? "";
    if (type.includes("n-triples")) {
      const statements = parseNTriples(text);
      return { kind: "graph", statements, seconds: seconds(), note: note(statements.length, whole, capped, query, "triples") };
    }
    const body = parseResults(text, whole);
    if (typeof body.boolean === "boolean") {
      return { kind: "boolean", value: body.boolean, seconds: seconds(), note: complete(say("完全な結果です", "Complete")) };
    }
    const rows = body.results?.bindings ?? [];
    const table = { variables: body.head.vars ?? [], rows };
    return { kind: "table", table, seconds: seconds(), note: note(rows.length, whole, capped, query, "rows") };
  } catch (error) {
    if (signal.aborted) throw error;
    const message = say("サーバーからの応答が途切れました。", "The answer of the server broke off.");
    const hint = say(
      "途中までの結果は捨てました。もう一度実行するか、LIMIT を付けてください。",
      "What had come was thrown away. Run it again, or add a LIMIT.",
    );
    return failed({ code: "broken-off", message, hint, line: null, column: null, instead: null, replaces: 0 }, seconds());
  }
}

interface ResultsJson {
  head: { vars?: string[] };
  boolean?: boolean;
  results?: { bindings: Row[] };
}

function parseResults(text: string, whole: boolean): ResultsJson {
  if (whole) return JSON.parse(text) as ResultsJson;
  // Cut where a solution ends. Text inside a literal may look like an end: then try further up.
  for (let end = text.lastIndexOf("}},{"); end > 0; end = text.lastIndexOf("}},{", end - 1)) {
    try {
      return JSON.parse(`${text.slice(0, end + 2)}]}}`) as ResultsJson;
    } catch {
      continue;
    }
  }
  throw new Error("no solution in the part that was read");
}

async function read(reply: Response): Promise<{ text: string; whole: boolean }> {
  const reader = reply.body?.getReader();
  if (reader === undefined) return { text: await reply.text(), whole: true };
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), whole: true };
    bytes += value.byteLength;
    text += decoder.decode(value, { stream: true });
    if (bytes > READ_BYTES) {
      await reader.cancel();
      return { text, whole: false };
    }
  }
}

function note(count: number, whole: boolean, capped: boolean, query: string, unit: "rows" | "triples"): Note {
  const found = unit === "rows"
    ? say(`${number(count)} 行`, `${number(count)} ${count === 1 ? "row" : "rows"}`)
    : say(`${number(count)} トリプル`, `${number(count)} statements`);
  if (capped) {
    return {
      state: "limited",
      text: say(`${found}（サーバーの上限。続きがあります）`, `${found} (the server's limit; there are more)`),
    };
  }
  if (!whole) {
    return {
      state: "limited",
      text: say(`先頭の ${found}だけを表示しています。全体はファイルで取得できます`, `Only the first ${found}: the files below have all of it`),
    };
  }
  const limits = [...query.replace(/#[^\n]*/g, "").matchAll(/\bLIMIT\s+(\d+)/gi)];
  const limit = Number(limits.at(-1)?.[1] ?? NaN);
  if (unit === "rows" && count === limit) {
    return {
      state: "limited",
      text: say(`${found}（LIMIT ${number(limit)} まで。続きがあるかもしれません）`, `${found}, as many as LIMIT ${number(limit)} lets through: there may be more`),
    };
  }
  return complete(say(`${found}。これで全部です`, `${found}, complete`));
}

function complete(text: string): Note {
  return { state: "complete", text };
}

async function problem(reply: Response): Promise<Failure> {
  let body: Problem = {};
  try {
    body = (await reply.json()) as Problem;
  } catch {
    // An answer of a proxy before the server: its status has to do.
  }
  return {
    code: body.code ?? `http-${reply.status}`,
    message: body.message?.[language] ?? `HTTP ${reply.status}`,
    hint: body.hint?.[language] ?? null,
    line: body.place?.line ?? null,
    column: body.place?.column ?? null,
    instead: body.instead ?? null,
    replaces: body.replaces ?? 0,
  };
}

function failed(failure: Failure, seconds: number): Outcome {
  const text = failure.code === "query-timeout"
    ? say(`時間切れ（${seconds.toFixed(1)} 秒）`, `Timed out after ${seconds.toFixed(1)} s`)
    : say("実行できませんでした", "The query did not run");
  return { kind: "failure", failure, seconds, note: { state: "failed", text } };
}
