// The query as a program: ready to run elsewhere.

export interface Snippet {
  name: string;
  text: string;
}

/** Programs that send a query to an address and read the answer. */
export function snippets(address: string, query: string, isGraph: boolean): Snippet[] {
  const accept = isGraph ? "text/turtle" : "application/sparql-results+json";
  const text = query.trim();
  return [
    { name: "curl", text: curl(address, text, isGraph ? "text/turtle" : "text/csv") },
    { name: "Python", text: python(address, text, accept, isGraph) },
    { name: "JavaScript", text: javascript(address, text, accept, isGraph) },
    { name: "R", text: r(address, text, isGraph) },
  ];
}

function curl(address: string, query: string, accept: string): string {
  const quoted = `'${query.replaceAll("'", "'\\''")}'`;
  return `curl -s '${address}' \\\n  -H 'Accept: ${accept}' \\\n  --data-urlencode query=${quoted}\n`;
}

function python(address: string, query: string, accept: string, isGraph: boolean): string {
  const read = isGraph
    ? "print(response.text)"
    : 'for row in response.json()["results"]["bindings"]:\n    print({name: term["value"] for name, term in row.items()})';
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

function javascript(address: string, query: string, accept: string, isGraph: boolean): string {
  const literal = `\`${query.replace(/[\\`]|\$\{/g, "\\$&")}\``;
  const read = isGraph ? "console.log(await response.text());" : "console.table((await response.json()).results.bindings);";
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

function r(address: string, query: string, isGraph: boolean): string {
  const text = JSON.stringify(query).replaceAll("\\n", "\n");
  const accept = isGraph ? "text/turtle" : "text/csv";
  const read = isGraph ? "cat(resp_body_string(response))" : "data <- read.csv(text = resp_body_string(response))\nprint(data)";
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
