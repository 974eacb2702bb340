// One term of a result as it is shown: IRIs of ours lead to their pages, with their names.

import { h, safeHref } from "../page/dom";
import { localName, plainText, type Prefixes, type Term } from "../rdf/terms";
import type { Names } from "./names";

export interface CellContext {
  base: string;
  root: string;
  prefixes: Prefixes;
  names: Names;
}

/** The address that an IRI has on this server, or elsewhere; null when it is none to follow. */
export function hrefOf(iri: string, context: CellContext): string | null {
  const ours = iri.startsWith(`${context.base}/`);
  return ours ? context.root + encodeURI(iri.slice(context.base.length)).replaceAll("%25", "%") : safeHref(iri);
}

/** What a term is called: its label, else its short name, else the last part of its IRI or its
 * text. Two terms may be called the same. */
export function titleOf(term: Term, context: CellContext): string {
  if (term.type !== "uri") return plainText(term, context.prefixes);
  const short = context.prefixes.short(term.value);
  return context.names.get(term.value) ?? (short === term.value ? localName(term.value) : short);
}

/** A term as an element. */
export function cell(term: Term | undefined, context: CellContext): HTMLElement | null {
  if (term === undefined) return null;
  if (term.type === "uri") {
    const name = context.names.get(term.value);
    const href = hrefOf(term.value, context);
    const text = shortened(plainText(term, context.prefixes), context);
    const link = href === null
      ? h("span", { title: term.value }, text)
      : h("a", { href, title: term.value, class: term.value.startsWith(context.base) ? null : "out", rel: "noopener" }, text);
    return h("span", { class: "term" }, link, name !== null && h("span", { class: "label" }, name));
  }
  const tag = term["xml:lang"] ?? (term.datatype === undefined ? null : context.prefixes.short(term.datatype));
  return h(
    "span",
    { class: "term" },
    h("span", { lang: term["xml:lang"], dir: "auto" }, plainText(term, context.prefixes)),
    tag !== null && tag !== "xsd:string" && h("span", { class: "tag" }, tag),
  );
}

function shortened(text: string, context: CellContext): string {
  return text.startsWith(context.base) ? text.slice(context.base.length) : text;
}
