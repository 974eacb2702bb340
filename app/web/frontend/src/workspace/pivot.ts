// The result as a cross table: one column for the rows, one for the columns, one counted, added
// up or averaged in the cells.

import { fill, h, select } from "../page/dom";
import { number, say } from "../page/language";
import { numericColumns } from "../chart/guess";
import { identity, numeric, type Table, type Term } from "../rdf/terms";
import { titleOf, type CellContext } from "./cell";

type Measure = "count" | "sum" | "mean";

interface Choice {
  down: string;
  across: string;
  measure: Measure;
  value: string | null;
}

interface Sum {
  total: number;
  count: number;
}

const MOST_DOWN = 500;
const MOST_ACROSS = 40;

/** Whether a table can be crossed at all. */
export function pivots(table: Table): boolean {
  return table.variables.length >= 2 && table.rows.length >= 4;
}

/** Draw a cross table with its choices into an element. */
export function drawPivot(holder: HTMLElement, table: Table, context: CellContext): void {
  const numbers = numericColumns(table);
  const kinds = table.variables.filter((name) => !numbers.includes(name)).toSorted((a, b) => different(table, a) - different(table, b));
  // Few different values make good columns.
  const across = kinds.find((name) => different(table, name) > 1) ?? table.variables[0] ?? "";
  const down = kinds.findLast((name) => name !== across) ?? table.variables.find((name) => name !== across) ?? across;
  const choice: Choice = { down, across, measure: numbers.length > 0 ? "sum" : "count", value: numbers[0] ?? null };
  const body = h("div");
  const draw = (): void => fill(body, crossed(table, choice, context));
  const column = (chosen: string, set: (name: string) => void): HTMLSelectElement =>
    select(table.variables.map((name) => [name, name]), chosen, (name) => { set(name); draw(); });
  const measures: [string, string][] = [["count", say("件数", "Count")]];
  for (const name of numbers) {
    measures.push([`sum ${name}`, say(`${name} の合計`, `Sum of ${name}`)], [`mean ${name}`, say(`${name} の平均`, `Mean of ${name}`)]);
  }
  const measure = select(measures, choice.value === null ? "count" : `sum ${choice.value}`, (chosen) => {
    const [kind, name] = chosen.split(" ");
    choice.measure = kind as Measure;
    choice.value = name ?? null;
    draw();
  });
  const tools = h(
    "div",
    { class: "chart-tools" },
    h("label", {}, say("行", "Rows"), column(down, (name) => { choice.down = name; })),
    h("label", {}, say("列", "Columns"), column(across, (name) => { choice.across = name; })),
    h("label", {}, say("値", "Values"), measure),
  );
  fill(holder, tools, body);
  draw();
  void context.names.ask(table.rows.flatMap((row) => [row[choice.down], row[choice.across]])).then((learnt) => learnt && draw());
}

function crossed(table: Table, { down, across, measure, value }: Choice, context: CellContext): HTMLElement {
  // By term, not by name: there are two cities called 府中市.
  const sums = new Map<string, Map<string, Sum>>();
  const names = new Map<string, string>();
  const columns = new Set<string>();
  const keyOf = (term: Term | undefined): string => {
    const key = identity(term);
    if (!names.has(key)) names.set(key, term === undefined ? say("（なし）", "(none)") : titleOf(term, context));
    return key;
  };
  for (const row of table.rows) {
    const [left, top] = [keyOf(row[down]), keyOf(row[across])];
    const amount = value === null ? 1 : numeric(row[value]);
    if (amount === null) continue;
    if (columns.size < MOST_ACROSS) columns.add(top);
    const line = sums.get(left) ?? new Map<string, Sum>();
    const cell = line.get(top) ?? { total: 0, count: 0 };
    cell.total += amount;
    cell.count += 1;
    line.set(top, cell);
    if (sums.size < MOST_DOWN) sums.set(left, line);
  }
  const tops = [...columns].map((key) => ({ key, name: names.get(key) ?? "" })).toSorted((a, b) => a.name.localeCompare(b.name, "ja", { numeric: true }));
  const show = (cell: Sum | undefined): string => {
    if (cell === undefined) return "";
    return number(measure === "count" ? cell.count : measure === "sum" ? cell.total : cell.total / cell.count);
  };
  const lines = [...sums].map(([left, line]) =>
    h("tr", {}, h("th", { scope: "row" }, names.get(left)), ...tops.map(({ key }) => h("td", { class: "number" }, show(line.get(key))))),
  );
  const heads = h("tr", {}, h("th", { scope: "col" }, down), ...tops.map(({ name }) => h("th", { scope: "col", class: "number" }, name)));
  const label = say("クロス集計", "Cross table");
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, h("table", {}, h("thead", {}, heads), h("tbody", {}, ...lines)));
}

function different(table: Table, name: string): number {
  return new Set(table.rows.map((row) => row[name]?.value)).size;
}
