// What a term of the query is called, shown while the pointer rests on it.

import { hoverTooltip, type EditorView, type Tooltip } from "@codemirror/view";
import type { Extension } from "@codemirror/state";
import { h } from "../page/dom";
import { number, say } from "../page/language";
import type { Vocabulary } from "./complete";
import type { Names } from "./names";

const TERM = /<[^<>\s]*>|[\p{L}][\p{L}\p{N}_.\-]*:[\p{L}\p{N}_\-.%]+/gu;

/** Hints for IRIs and prefixed names; relative IRIs are read against `base`. */
export function hints(vocabulary: () => Vocabulary | null, names: Names, base: string): Extension {
  return hoverTooltip(async (view, position): Promise<Tooltip | null> => {
    const found = termAt(view, position);
    if (found === null) return null;
    const iri = expand(found.text, view.state.doc.toString(), vocabulary(), base);
    if (iri === null) return null;
    const lines = await describe(iri, vocabulary(), names);
    if (lines.length === 0) return null;
    return {
      pos: found.from,
      end: found.to,
      above: true,
      create: () => ({ dom: h("div", { class: "cm-hint" }, ...lines.map((line) => h("div", {}, line)), h("small", {}, iri)) }),
    };
  });
}

function termAt(view: EditorView, position: number): { from: number; to: number; text: string } | null {
  const line = view.state.doc.lineAt(position);
  for (const match of line.text.matchAll(TERM)) {
    const from = line.from + match.index;
    const to = from + match[0].length;
    if (from <= position && position <= to) return { from, to, text: match[0] };
  }
  return null;
}

/** The IRI that is written so, by the prefixes of the query first; null for an unknown prefix. */
function expand(text: string, query: string, vocabulary: Vocabulary | null, base: string): string | null {
  if (text.startsWith("<")) return new URL(text.slice(1, -1), `${base}/`).href;
  const [prefix = "", ...rest] = text.split(":");
  const declared = new RegExp(`PREFIX\\s+${prefix}:\\s*<([^>]*)>`, "iu").exec(query)?.[1];
  const namespace = declared ?? vocabulary?.prefixes.byName[prefix];
  return namespace === undefined ? null : new URL(namespace, `${base}/`).href + rest.join(":");
}

async function describe(iri: string, vocabulary: Vocabulary | null, names: Names): Promise<string[]> {
  const same = (other: string): boolean => decoded(other) === decoded(iri);
  const used = [...(vocabulary?.classes ?? []), ...(vocabulary?.properties ?? [])].find((term) => same(term.iri));
  if (used !== undefined) {
    const name = [used.ja, used.en].filter((one) => one !== undefined).join(" · ");
    return [name, say(`${number(used.count)} 回使われています`, `used ${number(used.count)} times`)].filter(Boolean);
  }
  await names.ask([{ type: "uri", value: iri }]);
  return [names.get(iri)].filter((name) => name !== null);
}

function decoded(iri: string): string {
  try {
    return decodeURI(iri);
  } catch {
    return iri;
  }
}
