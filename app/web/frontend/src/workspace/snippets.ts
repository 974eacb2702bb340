// The query as a program: ready to run elsewhere.

export interface Snippet {
  name: string;
  text: string;
}

/** What an answer is. */
type Form = "table" | "boolean" | "graph";

/** Programs that send a query to an address and read the answer. */
export function snippets(address: string, query: string): Snippet[] {
  const form = formOf(query);
  const accept = form === "graph" ? "text/turtle" : "application/sparql-results+json";
  const text = query.trim();
  return [
    { name: "curl", text: curl(address, text, form === "table" ? "text/csv" : accept) },
    { name: "Python", text: python(address, text, accept, form) },
    { name: "JavaScript", text: javascript(address, text, accept, form) },
    { name: "R", text: r(address, text, form === "table" ? "text/csv" : accept, form) },
  ];
}

function formOf(query: string): Form {
  const word = /^\s*(?:(?:PREFIX|BASE)[^\n]*?>\s*|#[^\n]*\n\s*)*(\w+)/i.exec(query)?.[1]?.toUpperCase();
  return word === "CONSTRUCT" || word === "DESCRIBE" ? "graph" : word === "ASK" ? "boolean" : "table";
}

function curl(address: string, query: string, accept: string): string {
  const quoted = `'${query.replaceAll("'", "'\\''")}'`;
  return `curl -s '${address}' \\\n  -H 'Accept: ${accept}' \\\n  --data-urlencode query=${quoted}\n`;
}

function python(address: string, query: string, accept: string, form: Form): string {
  const read = {
    table: 'for row in response.json()["results"]["bindings"]:\n    print({name: term["value"] for name, term in row.items()})',
    boolean: 'print(response.json()["boolean"])',
    graph: "print(response.text)",
  }[form];
  return `import requests  # pip install requests

query = ${quoted(query, '"""')}
response = requests.post(
    "${address}",
    data={"query": query},
    headers={"Accept": "${accept}"},
    timeout=60,
)
response.raise_for_status()
${read}
`;
}

function javascript(address: string, query: string, accept: string, form: Form): string {
  const literal = `\`${query.replace(/[\\`]|\$\{/g, "\\$&")}\``;
  const read = {
    table: `const { results } = await response.json();
console.table(results.bindings.map((row) =>
  Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value]))));`,
    boolean: "console.log((await response.json()).boolean);",
    graph: "console.log(await response.text());",
  }[form];
  return `const query = ${literal};
const response = await fetch("${address}", {
  method: "POST",
  headers: { Accept: "${accept}" },
  body: new URLSearchParams({ query }),
});
if (!response.ok) throw new Error(await response.text());
${read}
`;
}

function r(address: string, query: string, accept: string, form: Form): string {
  const text = JSON.stringify(query).replaceAll("\\n", "\n");
  const read = {
    table: "data <- read.csv(text = resp_body_string(response))\nprint(data)",
    boolean: "print(resp_body_json(response)$boolean)",
    graph: "cat(resp_body_string(response))",
  }[form];
  return `library(httr2)  # install.packages("httr2")

query <- ${text}
response <- request("${address}") |>
  req_headers(Accept = "${accept}") |>
  req_body_form(query = query) |>
  req_perform()
${read}
`;
}

function quoted(text: string, mark: string): string {
  return `${mark}${text.replaceAll("\\", "\\\\").replaceAll(mark, '\\"\\"\\"')}\n${mark}`;
}
