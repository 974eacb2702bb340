// Labels of things in a result, asked from the endpoint itself, shown beside their IRIs.

import { language } from "../page/language";
import type { Term } from "../rdf/terms";
import { nameOf, type Vocabulary } from "./complete";

const MOST_AT_ONCE = 250;

export class Names {
  private readonly known = new Map<string, string | null>();

  constructor(private readonly endpoint: string, private readonly base: string) {}

  /** Terms of the vocabulary are known without asking. */
  learn(vocabulary: Vocabulary): void {
    for (const term of [...vocabulary.classes, ...vocabulary.properties]) {
      const name = nameOf(term);
      if (name !== undefined) this.known.set(term.iri, name);
    }
  }

  get(iri: string): string | null {
    return this.known.get(iri) ?? null;
  }

  /** Ask for the labels of our own things among these terms. True when something was learnt. */
  async ask(terms: Iterable<Term | undefined>): Promise<boolean> {
    const wanted = new Set<string>();
    for (const term of terms) {
      if (term?.type !== "uri" || this.known.has(term.value)) continue;
      if (term.value.startsWith(this.base) && /^[^<>"{}|\\^`\s]+$/.test(term.value)) wanted.add(term.value);
      if (wanted.size === MOST_AT_ONCE) break;
    }
    if (wanted.size === 0) return false;
    wanted.forEach((iri) => this.known.set(iri, null));
    const iris = [...wanted].map((iri) => `<${iri}>`).join(" ");
    const query = `SELECT ?thing ?label WHERE { VALUES ?thing { ${iris} }
      ?thing <http://www.w3.org/2000/01/rdf-schema#label> ?label }`;
    const reply = await fetch(this.endpoint, {
      method: "POST",
      headers: { accept: "application/sparql-results+json", "content-type": "application/sparql-query" },
      body: query,
    });
    if (!reply.ok) return false;
    const body = (await reply.json()) as { results: { bindings: Record<string, Term>[] } };
    const rank = new Map<string, number>();
    for (const { thing, label } of body.results.bindings) {
      if (thing === undefined || label === undefined) continue;
      const tag = label["xml:lang"] ?? "";
      const quality = tag === language ? 0 : tag === "ja" ? 1 : tag === "" ? 2 : tag === "en" ? 3 : 4;
      if (quality >= (rank.get(thing.value) ?? 9)) continue;
      rank.set(thing.value, quality);
      this.known.set(thing.value, label.value);
    }
    return rank.size > 0;
  }
}
