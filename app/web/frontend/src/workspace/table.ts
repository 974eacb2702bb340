// The result as a table: sorted by a click on a heading, searched, a page at a time.

import { fill, h } from "../page/dom";
import { number, say } from "../page/language";
import { numeric, type Row, type Table } from "../rdf/terms";
import { cell, titleOf, type CellContext } from "./cell";

const PAGE = 100;

type Order = { variable: string; down: boolean } | null;

/** Draw a table into an element. */
export function drawTable(holder: HTMLElement, table: Table, context: CellContext): void {
  let order: Order = null;
  let page = 0;
  let wanted = "";
  let rows: Row[] = table.rows;

  const body = h("tbody");
  const head = h("tr");
  const pager = h("p", { class: "pager" });
  const search = h("input", {
    type: "search",
    placeholder: say("結果の中をさがす", "Search in the result"),
    "aria-label": say("結果の中をさがす", "Search in the result"),
    oninput: () => {
      wanted = search.value.toLowerCase();
      page = 0;
      arrange();
    },
  });

  function arrange(): void {
    rows = wanted === ""
      ? table.rows
      : table.rows.filter((row) =>
          table.variables.some((name) => {
            const term = row[name];
            return term !== undefined && (term.value.toLowerCase().includes(wanted) || titleOf(term, context).toLowerCase().includes(wanted));
          }),
        );
    if (order !== null) {
      const { variable, down } = order;
      rows = rows.toSorted((a, b) => compare(a, b, variable) * (down ? -1 : 1));
    }
    draw();
  }

  function draw(): void {
    fill(head, h("th", { scope: "col", class: "row-number" }, "#"), ...table.variables.map(heading));
    const first = page * PAGE;
    const shown = rows.slice(first, first + PAGE);
    fill(body, ...shown.map((row, index) => line(row, first + index + 1)));
    const pages = Math.ceil(rows.length / PAGE);
    fill(pager, ...(pages > 1 ? steps(pages) : []));
    const terms = shown.flatMap((row) => Object.values(row));
    void context.names.ask(terms).then((learnt) => {
      if (learnt && holder.isConnected) draw();
    });
  }

  function line(row: Row, position: number): HTMLTableRowElement {
    const cells = table.variables.map((name) =>
      h("td", { class: numeric(row[name]) === null ? null : "number" }, cell(row[name], context)),
    );
    return h("tr", {}, h("td", { class: "row-number" }, number(position)), ...cells);
  }

  function heading(variable: string): HTMLElement {
    const now = order?.variable === variable ? order : null;
    const button = h(
      "button",
      {
        type: "button",
        onclick: () => {
          order = now === null ? { variable, down: false } : now.down ? null : { variable, down: true };
          page = 0;
          arrange();
        },
      },
      variable,
      h("span", { "aria-hidden": "true" }, now === null ? "" : now.down ? " ▼" : " ▲"),
    );
    const sorted = now === null ? "none" : now.down ? "descending" : "ascending";
    return h("th", { scope: "col", "aria-sort": sorted }, button);
  }

  function steps(pages: number): HTMLElement[] {
    const go = (to: number) => () => {
      page = to;
      draw();
    };
    return [
      h("button", { type: "button", disabled: page === 0, onclick: go(page - 1) }, say("前へ", "Previous")),
      h("span", {}, `${number(page + 1)} / ${number(pages)}`),
      h("button", { type: "button", disabled: page + 1 >= pages, onclick: go(page + 1) }, say("次へ", "Next")),
    ];
  }

  const title = say("結果の表", "Table of results");
  fill(
    holder,
    table.rows.length > 10 && h("p", { class: "table-tools" }, search),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, h("table", {}, h("thead", {}, head), body)),
    pager,
  );
  arrange();
}

function compare(a: Row, b: Row, variable: string): number {
  const [left, right] = [a[variable], b[variable]];
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  const [x, y] = [numeric(left), numeric(right)];
  if (x !== null && y !== null) return x - y;
  return left.value.localeCompare(right.value, "ja");
}
