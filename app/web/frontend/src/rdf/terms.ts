// Terms and results as the SPARQL 1.1 JSON results format writes them
// (https://www.w3.org/TR/sparql11-results-json/).

export interface Term {
  type: "uri" | "bnode" | "literal" | "triple";
  value: string;
  "xml:lang"?: string;
  datatype?: string;
}

export type Row = Record<string, Term | undefined>;

export interface Table {
  variables: string[];
  rows: Row[];
}

export interface Statement {
  subject: Term;
  predicate: Term;
  object: Term;
}

export const XSD = "http://www.w3.org/2001/XMLSchema#";
export const WKT = "http://www.opengis.net/ont/geosparql#wktLiteral";

const NUMERIC = new Set(
  ["integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger",
    "positiveInteger", "negativeInteger", "nonPositiveInteger", "unsignedInt", "unsignedLong"].map(
    (name) => XSD + name,
  ),
);

/** The number that a literal stands for; null for every other term. */
export function numeric(term: Term | undefined): number | null {
  if (term === undefined || term.type !== "literal") return null;
  if (term.datatype !== undefined && !NUMERIC.has(term.datatype)) return null;
  if (term.datatype === undefined && !/^[+-]?\d+(\.\d+)?$/.test(term.value)) return null;
  const value = Number(term.value);
  return Number.isFinite(value) ? value : null;
}

/** The same text for the same term, another for every other. */
export function identity(term: Term | undefined): string {
  return term === undefined ? "" : `${term.type} ${plain(term)} ${term["xml:lang"] ?? term.datatype ?? ""}`;
}

/** The last part of an IRI, decoded for reading. */
export function localName(iri: string): string {
  const tail = iri.replace(/[/#]+$/, "").split(/[/#]/).pop() ?? "";
  try {
    return decodeURIComponent(tail) || iri;
  } catch {
    return tail || iri;
  }
}

/** Names of IRIs by the prefixes of the endpoint. */
export class Prefixes {
  private readonly byNamespace: [string, string][];

  constructor(readonly byName: Record<string, string>) {
    this.byNamespace = Object.entries(byName)
      .map(([name, iri]): [string, string] => [iri, name])
      .sort((a, b) => b[0].length - a[0].length);
  }

  /** `prefix:local`, or the IRI when no prefix fits. */
  short(iri: string): string {
    for (const [namespace, name] of this.byNamespace) {
      if (!iri.startsWith(namespace)) continue;
      const local = iri.slice(namespace.length);
      if (/^[\p{L}\p{N}_][\p{L}\p{N}_\-.]*$/u.test(local) && !local.endsWith(".")) {
        return `${name}:${local}`;
      }
    }
    return iri;
  }
}

/** What stands in a cell when nothing better is known. */
export function plainText(term: Term, prefixes: Prefixes): string {
  if (term.type === "uri") return prefixes.short(term.value);
  if (term.type === "bnode") return `_:${term.value}`;
  return plain(term);
}

// A triple term has three terms for its value.
function plain(term: Term): string {
  return typeof term.value === "string" ? term.value : JSON.stringify(term.value);
}
