// The ways to look at a result: which there are for it, and drawing each.

import { fill, h } from "../page/dom";
import type { Show, Tiles } from "../page/config";
import { number, say } from "../page/language";
import { places, type Places } from "../rdf/geometry";
import { identity, type Row, type Statement, type Table, type Term } from "../rdf/terms";
import { guess } from "../chart/guess";
import { cell, hrefOf, titleOf, type CellContext } from "./cell";
import { drawChartView } from "./chart";
import { drawPivot, pivots } from "./pivot";
import type { Outcome } from "./run";
import type { ViewName } from "./store";
import { drawTable } from "./table";

export interface ViewContext extends CellContext {
  tiles: Tiles | null;
  show: Show;
  /** The answer as the server writes it in a format. */
  raw(): Promise<string>;
}

const MOST_POINTS = 20_000;
const MOST_NODES = 300;

const NAMES: Record<ViewName, () => string> = {
  table: () => say("表", "Table"),
  chart: () => say("グラフ", "Chart"),
  map: () => say("地図", "Map"),
  pivot: () => say("集計", "Pivot"),
  graph: () => say("つながり", "Graph"),
  raw: () => say("そのまま", "Raw"),
};

/** What a view is called. */
export function viewTitle(view: ViewName): string {
  return NAMES[view]();
}

/** The views that make sense for a result, the best first choice at the front of `best`. */
export function viewsOf(outcome: Outcome, show: Show): { views: ViewName[]; best: ViewName } {
  if (outcome.kind === "graph") return { views: ["table", "graph", "raw"], best: "table" };
  if (outcome.kind !== "table") return { views: ["raw"], best: "raw" };
  const views: ViewName[] = ["table"];
  if (places(outcome.table) !== null) views.push("map");
  if (guess(outcome.table, show) !== null) views.push("chart");
  if (pivots(outcome.table)) views.push("pivot");
  views.push("raw");
  const best = show.map && views.includes("map") ? "map" : show.chart && views.includes("chart") ? "chart" : "table";
  return { views, best };
}

/** Draw a view into an element. Gives what takes it away again. */
export async function drawView(holder: HTMLElement, view: ViewName, outcome: Outcome, context: ViewContext): Promise<() => void> {
  const nothing = (): void => undefined;
  if (view === "raw") {
    fill(holder, h("pre", { class: "tall", tabindex: "0" }, h("code", {}, await context.raw())));
    return nothing;
  }
  if (outcome.kind === "graph") {
    if (view === "graph") return graph(holder, outcome.statements, context);
    drawTable(holder, tableOf(outcome.statements), context);
    return nothing;
  }
  if (outcome.kind !== "table") return nothing;
  if (outcome.table.rows.length === 0) {
    fill(holder, h("p", { class: "empty" }, say("該当するものはありません。", "Nothing matches.")));
    return nothing;
  }
  if (view === "map") return map(holder, outcome.table, context);
  if (view === "chart") return drawChartView(holder, outcome.table, context);
  if (view === "pivot") drawPivot(holder, outcome.table, context);
  else drawTable(holder, outcome.table, context);
  return nothing;
}

function tableOf(statements: Statement[]): Table {
  const names = [say("主語", "subject"), say("述語", "predicate"), say("目的語", "object")] as const;
  return {
    variables: [...names],
    rows: statements.map(({ subject, predicate, object }) => ({
      [names[0]]: subject,
      [names[1]]: predicate,
      [names[2]]: object,
    })),
  };
}

async function map(holder: HTMLElement, table: Table, context: ViewContext): Promise<() => void> {
  const where = places(table);
  if (where === null) return () => undefined;
  const { drawMap } = await import("../map/map");
  const things = table.rows.slice(0, MOST_POINTS).flatMap((row) => {
    const shape = where.shape(row);
    if (shape === null) return [];
    return [{ shape, name: rowName(row, table, context, where), content: () => facts(row, table, context, where) }];
  });
  const box = h("div", { class: "map", role: "region", "aria-label": viewTitle("map") });
  fill(holder, box, h("p", { class: "quiet" }, say(`${number(things.length)} 件を表示しています。`, `${number(things.length)} places are shown.`)));
  return drawMap(box, things, context.tiles);
}

function rowName(row: Row, table: Table, context: ViewContext, where: Places): string {
  const asked = context.show.map?.["label"];
  const name = asked !== undefined && row[asked] !== undefined
    ? asked
    : table.variables.find((variable) => /label|name|名/i.test(variable) && row[variable] !== undefined) ??
      table.variables.find((variable) => !where.variables.includes(variable) && row[variable] !== undefined);
  const term = name === undefined ? undefined : row[name];
  return term === undefined ? "" : titleOf(term, context);
}

function facts(row: Row, table: Table, context: ViewContext, where: Places): HTMLElement {
  const title = rowName(row, table, context, where);
  const thing = Object.values(row).find((term): term is Term => term?.type === "uri" && term.value.startsWith(context.base));
  const href = thing === undefined ? null : hrefOf(thing.value, context);
  const pairs = table.variables
    .filter((name) => !where.variables.includes(name) && !name.startsWith("_") && row[name] !== undefined && row[name] !== thing)
    .filter((name) => titleOf(row[name] as Term, context) !== title)
    .flatMap((name) => [h("dt", {}, name), h("dd", {}, cell(row[name], context))]);
  return h("div", {}, href === null ? h("b", {}, title) : h("a", { href }, title), h("dl", { class: "map-facts" }, ...pairs));
}

async function graph(holder: HTMLElement, statements: Statement[], context: ViewContext): Promise<() => void> {
  const { drawGraph } = await import("../chart/draw");
  await context.names.ask(statements.flatMap(({ subject, object }) => [subject, object]));
  const nodes = new Map<string, { id: string; name: string; degree: number; text: boolean }>();
  const edges: { source: string; target: string; name: string }[] = [];
  for (const { subject, predicate, object } of statements) {
    if (nodes.size >= MOST_NODES) break;
    const ends = [subject, object].map((term) => {
      const id = identity(term);
      const node = nodes.get(id) ?? { id, name: titleOf(term, context), degree: 0, text: term.type === "literal" };
      node.degree += 1;
      nodes.set(id, node);
      return id;
    });
    edges.push({ source: ends[0] ?? "", target: ends[1] ?? "", name: titleOf(predicate, context) });
  }
  const box = h("div", { class: "chart graph", role: "img" });
  const cut = edges.length < statements.length && h("p", { class: "quiet" }, say(`先頭の ${number(edges.length)} トリプルを表示しています。`, `The first ${number(edges.length)} statements are shown.`));
  fill(holder, box, cut);
  return drawGraph(box, { nodes: [...nodes.values()], edges }, viewTitle("graph"));
}
