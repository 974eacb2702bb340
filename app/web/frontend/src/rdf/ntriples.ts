// Reads N-Triples (https://www.w3.org/TR/n-triples/) as our endpoint writes them.

import type { Statement, Term } from "./terms";

const TERM =
  /<([^>]*)>|_:([^\s]+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?/y;

/** The statements of a text; lines of another form (triple terms) are left out. */
export function parseNTriples(text: string): Statement[] {
  const statements: Statement[] = [];
  for (const line of text.split("\n")) {
    const terms: Term[] = [];
    TERM.lastIndex = 0;
    while (terms.length < 3) {
      const found = TERM.exec(line);
      if (found === null) break;
      terms.push(term(found));
      while (line[TERM.lastIndex] === " ") TERM.lastIndex += 1;
    }
    const [subject, predicate, object] = terms;
    if (subject && predicate && object) statements.push({ subject, predicate, object });
  }
  return statements;
}

function term(found: RegExpExecArray): Term {
  const [, iri, node, text, tag, datatype] = found;
  if (iri !== undefined) return { type: "uri", value: unescape(iri) };
  if (node !== undefined) return { type: "bnode", value: node };
  const literal: Term = { type: "literal", value: unescape(text ?? "") };
  if (tag !== undefined) literal["xml:lang"] = tag;
  if (datatype !== undefined) literal.datatype = unescape(datatype);
  return literal;
}

const NAMED: Record<string, string> = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

function unescape(text: string): string {
  return text.replace(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs,
    (_, four?: string, eight?: string, one?: string) =>
      one !== undefined
        ? (NAMED[one] ?? one)
        : String.fromCodePoint(parseInt(four ?? eight ?? "FFFD", 16)),
  );
}
