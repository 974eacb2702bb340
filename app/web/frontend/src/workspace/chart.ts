// The chart of a result, the fields that change it, and its numbers for those who cannot see it.

import { fill, h, select } from "../page/dom";
import type { Show } from "../page/config";
import { number, say } from "../page/language";
import { guess, numericColumns, type ChartChoice, type ChartKind } from "../chart/guess";
import type { Series } from "../chart/draw";
import { numeric, type Table } from "../rdf/terms";
import { titleOf, type CellContext } from "./cell";

const MOST_LINES = 500;
const MOST_NAMED = 250;

/** Draw a chart of a table with its fields. Gives what takes it away again. */
export async function drawChartView(holder: HTMLElement, table: Table, context: CellContext & { show: Show }): Promise<() => void> {
  const choice = guess(table, context.show);
  if (choice === null) return () => undefined;
  const { drawChart } = await import("../chart/draw");
  const box = h("div", { class: "chart", role: "img" });
  const numbers = h("details", { class: "chart-numbers" });
  let stop = (): void => undefined;
  const draw = (): void => {
    stop();
    const names = table.rows.map((row) => { const term = row[choice.category]; return term === undefined ? "" : titleOf(term, context); });
    const columns = choice.values.map((name) => ({ name, values: table.rows.map((row) => numeric(row[name])) }));
    const shown = `${choice.category}: ${choice.values.join(", ")}`;
    const title = say(`${shown}。数値は下の表にあります。`, `${shown}. The table below has the numbers.`);
    box.classList.toggle("long", names.length > 24 && (choice.kind === "bar" || choice.kind === "pyramid"));
    fill(numbers, h("summary", {}, say("数値の表", "The numbers as a table")), tableOf(choice, { names, columns }));
    stop = drawChart(box, choice, { names, columns }, title);
  };
  fill(holder, tools(table, choice, draw), box, numbers);
  await context.names.ask(table.rows.slice(0, MOST_NAMED).map((row) => row[choice.category]));
  draw();
  return () => stop();
}

function tools(table: Table, choice: ChartChoice, draw: () => void): HTMLElement {
  const kinds: [ChartKind, string][] = [
    ["bar", say("棒", "Bars")], ["line", say("折れ線", "Lines")], ["pie", say("円", "Pie")], ["pyramid", say("ピラミッド", "Pyramid")],
  ];
  const numbers = numericColumns(table);
  const boxes = numbers.map((name) => {
    const box = h("input", { type: "checkbox" });
    box.addEventListener("change", () => {
      const chosen = box.checked ? [...choice.values, name] : choice.values.filter((other) => other !== name);
      if (chosen.length > 0) choice.values = chosen;
      show();
    });
    return { name, box };
  });
  const check = (): void => boxes.forEach(({ name, box }) => { box.checked = choice.values.includes(name); });
  const show = (): void => {
    check();
    draw();
  };
  const kind = select(kinds, choice.kind, (value) => {
    choice.kind = value as ChartKind;
    // Two columns face each other.
    if (value === "pyramid") choice.values = [...new Set([...choice.values, ...numbers])].slice(0, 2);
    show();
  });
  const category = select(table.variables.map((name) => [name, name]), choice.category, (value) => {
    choice.category = value;
    show();
  });
  check();
  return h(
    "div",
    { class: "chart-tools" },
    h("label", {}, say("種類", "Kind"), kind),
    h("label", {}, say("項目", "Names"), category),
    h("fieldset", {}, h("legend", {}, say("値", "Values")), ...boxes.map(({ name, box }) => h("label", {}, box, name))),
  );
}

function tableOf({ category }: ChartChoice, { names, columns }: Series): HTMLElement {
  const heads = h("tr", {}, h("th", { scope: "col" }, category), ...columns.map(({ name }) => h("th", { scope: "col", class: "number" }, name)));
  const lines = names.slice(0, MOST_LINES).map((name, index) =>
    h("tr", {}, h("th", { scope: "row" }, name), ...columns.map(({ values }) => h("td", { class: "number" }, show(values[index])))),
  );
  const label = say("グラフの数値", "Numbers of the chart");
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, h("table", {}, h("thead", {}, heads), h("tbody", {}, ...lines)));
}

function show(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : number(value);
}
