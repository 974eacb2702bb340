// Completion from this endpoint's own words: variables of the query, key words, prefixes, and
// the classes and properties in use with their names in both languages.

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { language, number } from "../page/language";
import { Prefixes } from "../rdf/terms";

export interface UsedTerm {
  iri: string;
  count: number;
  ja?: string;
  en?: string;
}

export interface Vocabulary {
  prefixes: Prefixes;
  bound: Set<string>;
  classes: UsedTerm[];
  properties: UsedTerm[];
}

interface TermsJson {
  prefixes: Record<string, string>;
  bound: string[];
  classes: UsedTerm[];
  properties: UsedTerm[];
}

/** The words of the endpoint. Throws when it cannot be reached. */
export async function fetchVocabulary(address: string): Promise<Vocabulary> {
  const reply = await fetch(address);
  if (!reply.ok) throw new Error(`${reply.status}`);
  const body = (await reply.json()) as TermsJson;
  return {
    prefixes: new Prefixes(body.prefixes),
    bound: new Set(body.bound),
    classes: body.classes,
    properties: body.properties,
  };
}

/** The name of a term in the page's language, or in the other one. */
export function nameOf(term: UsedTerm): string | undefined {
  return language === "ja" ? (term.ja ?? term.en) : (term.en ?? term.ja);
}

const KEYWORDS = [
  "SELECT", "DISTINCT", "WHERE", "CONSTRUCT", "DESCRIBE", "ASK", "PREFIX", "BASE", "OPTIONAL",
  "FILTER", "UNION", "MINUS", "GRAPH", "BIND", "VALUES", "FILTER NOT EXISTS", "FILTER EXISTS",
  "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "OFFSET", "COUNT", "SUM", "AVG", "MIN", "MAX",
  "SAMPLE", "GROUP_CONCAT", "AS", "ASC", "DESC", "FROM", "FROM NAMED", "LANG", "LANGMATCHES",
  "STR", "STRLEN", "SUBSTR", "CONTAINS", "STRSTARTS", "STRENDS", "REGEX", "REPLACE", "CONCAT",
  "BOUND", "COALESCE", "IF", "IRI", "DATATYPE", "YEAR", "MONTH", "ROUND", "ABS", "UNDEF",
].map((label): Completion => ({ label, type: "keyword", boost: -20 }));

const WORD = /[?$][\p{L}\p{N}_]*|[\p{L}_][\p{L}\p{N}_\-.]*(:[\p{L}\p{N}_\-.%]*)?|:[\p{L}\p{N}_\-.]*/u;

/** What may stand at the cursor. */
export function completions(context: CompletionContext, vocabulary: Vocabulary | null): CompletionResult | null {
  const word = context.matchBefore(new RegExp(`(?:${WORD.source})$`, "u"));
  if (word === null && !context.explicit) return null;
  const from = word?.from ?? context.pos;
  const before = context.state.sliceDoc(0, from);
  if (inTextOrComment(before)) return null;
  const typed = word?.text ?? "";
  if (typed.startsWith("?") || typed.startsWith("$")) {
    return { from, options: variables(context.state.doc.toString(), typed), validFor: /^[?$][\p{L}\p{N}_]*$/u };
  }
  const place = placeAfter(before);
  const options = [...KEYWORDS];
  if (vocabulary !== null) {
    if (place !== "class") options.push(...terms(vocabulary.properties, vocabulary, "property"));
    if (place !== "property") options.push(...terms(vocabulary.classes, vocabulary, "class"));
    const prefixes = typed.includes(":") ? {} : vocabulary.prefixes.byName;
    for (const [name, iri] of Object.entries(prefixes)) {
      options.push({ label: `${name}:`, detail: iri, type: "namespace", boost: -10 });
    }
  }
  return { from, options, validFor: /^[\p{L}\p{N}_\-.:%]*$/u };
}

// After `a` comes a class; after the subject or `;` a property.
function placeAfter(before: string): "class" | "property" | "any" {
  if (/(?:^|[\s;.{(])a\s+$/.test(before)) return "class";
  if (/(?:;|[?$][\p{L}\p{N}_]+)\s*$/u.test(before)) return "property";
  return "any";
}

function inTextOrComment(before: string): boolean {
  const line = before.slice(before.lastIndexOf("\n") + 1).replace(/<[^>]*>/g, "");
  const bare = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "");
  return /["'#]/.test(bare) || /<[^>\s]*$/.test(line);
}

function variables(text: string, typed: string): Completion[] {
  const names = new Set(text.match(/[?$][\p{L}\p{N}_]+/gu) ?? []);
  names.delete(typed);
  return [...names].map((label) => ({ label, type: "variable" }));
}

function terms(used: UsedTerm[], vocabulary: Vocabulary, type: string): Completion[] {
  const highest = Math.max(1, ...used.map((term) => term.count));
  return used.flatMap((term): Completion[] => {
    const short = vocabulary.prefixes.short(term.iri);
    const written = short === term.iri ? `<${term.iri}>` : short;
    // A term that is called like its name says more in the other language.
    const own = nameOf(term);
    const name = short.endsWith(`:${own}`) ? (own === term.ja ? term.en : term.ja) : own;
    const completion: Completion = {
      label: written,
      detail: [name, number(term.count)].filter(Boolean).join(" · "),
      type,
      boost: Math.round((10 * Math.log(1 + term.count)) / Math.log(1 + highest)),
      apply: (view, _, from, to) => insert(view, written, from, to, vocabulary),
    };
    // The name finds the term as well: 緯度 or latitude gives geo:lat.
    const others = [term.ja, term.en].filter((other) => other !== undefined && !short.endsWith(`:${other}`));
    return [completion, ...others.map((other) => ({ ...completion, label: other ?? "", detail: written, boost: -5 }))];
  });
}

/** The line that declares the prefix of a name, for a prefix that the endpoint knows and that
 * the query neither declares nor has bound for it; null for every other name. */
export function missingPrefix(name: string, text: string, vocabulary: Vocabulary | null): string | null {
  const prefix = /^([\p{L}][\p{L}\p{N}_.\-]*):/u.exec(name)?.[1];
  const iri = prefix === undefined ? undefined : vocabulary?.prefixes.byName[prefix];
  if (prefix === undefined || iri === undefined || vocabulary?.bound.has(prefix)) return null;
  return new RegExp(`PREFIX\\s+${prefix}:`, "i").test(text) ? null : `PREFIX ${prefix}: <${iri}>\n`;
}

// A prefix that the endpoint does not bind by itself is declared at the top.
function insert(view: EditorView, written: string, from: number, to: number, vocabulary: Vocabulary): void {
  const text = view.state.doc.toString();
  const declaration = missingPrefix(written, text, vocabulary);
  view.dispatch({
    changes: [
      ...(declaration === null ? [] : [{ from: 0, insert: declaration }]),
      { from, to, insert: written },
    ],
    userEvent: "input.complete",
  });
  const shift = view.state.doc.length - text.length - written.length + (to - from);
  view.dispatch({ selection: { anchor: from + shift + written.length } });
}
