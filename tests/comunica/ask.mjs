// Queries through Comunica. Arguments: the endpoint, then pairs of a query and the media type of
// its result. Writes a JSON array of the results as text.
import { QueryEngine } from "@comunica/query-sparql";

const [endpoint, ...asked] = process.argv.slice(2);
const engine = new QueryEngine();
const answers = [];
for (let place = 0; place < asked.length; place += 2) {
  const result = await engine.query(asked[place], { sources: [{ type: "sparql", value: endpoint }] });
  const { data } = await engine.resultToString(result, asked[place + 1]);
  answers.push(await new Response(data).text());
}
process.stdout.write(JSON.stringify(answers));
