// Results of our own endpoint.

import type { Table } from "../rdf/terms";

interface ResultsJson {
  head: { vars: string[] };
  results: { bindings: Table["rows"] };
}

/** The table behind an address of the endpoint. Throws when it answers with an error. */
export async function fetchTable(address: string): Promise<Table> {
  const reply = await fetch(address, { headers: { accept: "application/sparql-results+json" } });
  if (!reply.ok) throw new Error(`${reply.status}`);
  const body = (await reply.json()) as ResultsJson;
  return { variables: body.head.vars, rows: body.results.bindings };
}
