// Completion in a mapping (YARRRML): columns after `$(`, functions and their parameters, classes
// after `a`, properties, and the keys that the schema knows at the place.

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { language } from "../page/language";
import { keysAt, valuesAt } from "./schema";
import type { Word, Words } from "./words";

const WORD = /[\p{L}\p{N}_.#/-]*(?::[\p{L}\p{N}_.#/-]*)?$/u;
const VALID = /^[\p{L}\p{N}_.:#/-]*$/u;

/** What may stand at the cursor. */
export function completions(context: CompletionContext, words: Words | null): CompletionResult | null {
  if (words === null) return null;
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  if (/(^|\s)#/.test(before.replace(/"[^"]*"|'[^']*'/g, ""))) return null;
  const column = /\$\(([^()]*)$/.exec(before);
  if (column !== null) return columnsAfter(context.pos - (column[1] ?? "").length, words);
  const typed = WORD.exec(before)?.[0] ?? "";
  if (typed === "" && !context.explicit && !/[[,]\s*$|:\s$|-\s$/.test(before)) return null;
  const start = before.slice(0, before.length - typed.length);
  const options = optionsAt(start, pathAt(context.state.doc, line.number, start), context.state.doc, line.number, words);
  return options.length === 0 ? null : { from: context.pos - typed.length, options, validFor: VALID };
}

/** The keys above a place, outermost first, by indentation. */
export function pathAt(doc: Text, number: number, start: string): string[] {
  const path: string[] = [];
  let indent = /^[\s-]*/.exec(start)?.[0].length ?? 0;
  const inLine = /^[\s-]*([^\s:[\]{},]+):\s/.exec(start);
  if (inLine?.[1] !== undefined) path.push(inLine[1]);
  for (let at = number - 1; at >= 1 && indent > 0; at -= 1) {
    const found = /^([\s-]*)([^\s#:[\]{},"'][^:[\]{},"']*):(\s|$)/.exec(doc.line(at).text);
    const [, lead = "", key] = found ?? [];
    if (key === undefined || lead.length >= indent) continue;
    path.unshift(key);
    indent = lead.length;
    // The dash of the item that the key begins: its siblings are no parents.
    if (lead.includes("-")) indent = lead.indexOf("-") + 0.5;
  }
  return path;
}

function optionsAt(start: string, path: string[], doc: Text, number: number, words: Words): Completion[] {
  const last = path.at(-1) ?? "";
  if (/(^|[\s{,])(function|f|fn):\s*$/.test(start)) return functions(words);
  if (/(^|[\s{,])(p|predicates):\s*\[?\s*$/.test(start)) return terms(words.properties, "property");
  if (/\[\s*\[?\s*$|(^|\s)-\s*\[\s*$/.test(start) && path.includes("parameters")) return parameters(doc, number, words);
  if (/(^|\s)parameter:\s*$/.test(start)) return parameters(doc, number, words);
  if (/[[,]\s*(a|rdf:type)\s*,\s*(\[[^\]]*)?$/.test(start)) return terms(words.classes, "class");
  const inStatements = ["po", "predicateobjects"].includes(last);
  if (inStatements && /-\s*\[\s*(\[[^\]]*)?$/.test(start)) {
    return [{ label: "a", detail: language === "ja" ? "種類" : "class", boost: 5 }, ...terms(words.properties, "property")];
  }
  if (/^[\s-]*$/.test(start)) return keys(words, path);
  const values = valuesAt(words.schema, path).map((label): Completion => ({ label, type: "enum" }));
  return values;
}

function keys(words: Words, path: string[]): Completion[] {
  const known = keysAt(words.schema, path);
  return [...known].map(([label, info]) => ({ label, apply: `${label}: `, type: "keyword", ...(info === "" ? {} : { info }) }));
}

function columnsAfter(from: number, words: Words): CompletionResult {
  const named = new Set(Object.values(words.columns).flat());
  const options = [...named].map((label): Completion => ({ label, type: "variable", apply: (view, _, start, end) => closed(view, label, start, end) }));
  return { from, options, validFor: /^[^()]*$/ };
}

/** Put in a column, with the cursor behind its closing bracket. */
function closed(view: EditorView, name: string, from: number, to: number): void {
  const end = view.state.sliceDoc(to, to + 1) === ")" ? to + 1 : to;
  view.dispatch({ changes: { from, to: end, insert: `${name})` }, selection: { anchor: from + name.length + 1 }, userEvent: "input.complete" });
}

function functions(words: Words): Completion[] {
  return words.functions.map((each) => ({
    label: each.name,
    type: "function",
    detail: each.parameters.map((one) => one.name.replace(/^.*:/, "") + (one.required ? "" : "?")).join(", "),
    info: each.summary[language],
  }));
}

/** The parameters of the function that is called above a line. */
function parameters(doc: Text, number: number, words: Words): Completion[] {
  for (let at = number; at >= Math.max(1, number - 40); at -= 1) {
    const name = /\b(?:function|f|fn):\s*"?([\w:.-]+)/.exec(doc.line(at).text)?.[1];
    const called = words.functions.find((each) => each.name === name);
    if (called !== undefined) return called.parameters.map((one) => ({ label: one.name, type: "property", boost: one.required ? 1 : 0 }));
  }
  return [];
}

/** Terms by their short name, and by what they are called in words. */
function terms(listed: Word[], type: string): Completion[] {
  return listed.flatMap((word) => {
    const said = word.labels[language] ?? word.labels.ja ?? word.labels.en;
    const plain: Completion = { label: word.name, type, ...(said === undefined ? {} : { detail: said }) };
    if (said === undefined || word.name.includes(said)) return [plain];
    return [plain, { label: said, apply: word.name, detail: word.name, type, boost: -1 }];
  });
}
