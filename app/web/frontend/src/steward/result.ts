// Beside the mapping: the rows of the table, and what the chosen one gives. A statement marks the
// cells it comes from and its lines in the mapping; a cell or a line marks its statements.

import { fill, h } from "../page/dom";
import { number, say } from "../page/language";
import type { Row, Shown, Statement } from "./tried";

export class Result {
  private shown: Shown | null = null;
  private chosen = 0;
  private drawn = "";
  private marked: number[] = [];
  private readonly summary = h("p", { class: "quiet", role: "status" });
  private readonly table = h("div", { class: "tried-table", tabindex: 0, role: "region", "aria-label": say("元の表", "The table") });
  private readonly statements = h("div", { class: "tried-statements" });

  constructor(holder: HTMLElement, private readonly toLines: (lines: number[], go: boolean) => void) {
    fill(holder, this.summary, this.table, this.statements);
    this.table.addEventListener("mouseover", (event) => this.overCell(event.target));
    this.table.addEventListener("mouseleave", () => this.markColumns([]));
  }

  show(shown: Shown): void {
    this.shown = shown;
    this.chosen = Math.min(this.chosen, Math.max(shown.rows.length - 1, 0));
    const { rows, triples, links, findings } = shown.totals;
    const told = findings === 0 ? "" : ` · ${say("読めなかったセルなど", "cells that could not be read, and more")} ${number(findings)}`;
    fill(this.summary, `${number(rows)} ${say("行", "rows")} · ${number(triples)} ${say("件の情報", "statements")} · ${number(links)} ${say("件のリンク", "links")}${told}`,
      ...shown.findings.slice(0, 3).map((text) => h("span", { class: "confirm" }, text)));
    // The table is the same at nearly every stroke.
    const table = JSON.stringify([shown.sources, shown.rows.map((row) => row.cells)]);
    if (table !== this.drawn) this.drawTable(shown);
    this.drawn = table;
    this.drawStatements();
  }

  /** Mark the statements that a line of the mapping makes, and their columns. */
  showLine(line: number): void {
    this.markLine(line);
  }

  private drawTable(shown: Shown): void {
    const parts = shown.sources.map((source, at) => {
      const unused = source.columns.map((name) => source.unmapped.includes(name));
      const head = h("tr", {}, h("th", { scope: "col" }, say("行", "Row")),
        ...source.columns.map((name, column) => h("th", { scope: "col", class: unused[column] ? "unused" : null, "data-column": name }, name)));
      const body = shown.rows.flatMap((row, place) => (row.source !== at ? [] : [this.rowOf(row, place, source.columns, unused)]));
      return h("table", { class: "rows" }, h("thead", {}, head), h("tbody", {}, ...body));
    });
    fill(this.table, ...parts);
  }

  private rowOf(row: Row, place: number, columns: string[], unused: boolean[]): HTMLElement {
    const choose = h("button", { type: "button", class: "row-choice", "aria-pressed": place === this.chosen ? "true" : "false", onclick: () => this.choose(place) },
      number(row.line));
    return h("tr", { class: place === this.chosen ? "chosen" : null, onclick: () => this.choose(place) }, h("th", { scope: "row" }, choose),
      ...columns.map((name, column) => h("td", { class: unused[column] ? "unused" : null, "data-column": name }, row.cells[column] ?? "")));
  }

  private choose(place: number): void {
    if (place === this.chosen) return;
    this.chosen = place;
    this.table.querySelectorAll("tbody tr").forEach((row, at) => {
      row.classList.toggle("chosen", at === place);
      row.querySelector("button")?.setAttribute("aria-pressed", String(at === place));
    });
    this.drawStatements();
  }

  private drawStatements(): void {
    const row = this.shown?.rows[this.chosen];
    if (row === undefined) return fill(this.statements);
    const about = new Map<string, Statement[]>();
    for (const statement of row.statements) about.set(statement[0], [...(about.get(statement[0]) ?? []), statement]);
    fill(this.statements, h("h2", {}, row.title || say(`${row.line} 行目`, `line ${row.line}`)),
      ...[...about].flatMap(([subject, found]) => [
        subject === "" ? null : h("h3", {}, subject),
        h("ul", { class: "triples" }, ...found.map((each) => this.lineOf(each))),
      ]));
  }

  private lineOf([, property, value, at, isLink]: Statement): HTMLElement {
    const origin = this.shown?.origins[at];
    const lines = origin?.lines ?? [];
    const mark = (): void => {
      this.markColumns(origin?.columns ?? [], origin?.also ?? []);
      this.toLines(lines, false);
    };
    const leave = (): void => {
      this.markColumns([]);
      this.toLines([], false);
    };
    const go = h("button", { type: "button", class: "to-line", onclick: () => this.toLines(lines, true),
      "aria-label": say(`対応づけの ${lines[0] ?? ""} 行目へ`, `to line ${lines[0] ?? ""} of the mapping`) }, `${lines[0] ?? ""}`);
    return h("li", { "data-origin": at, class: isLink ? "is-link" : null, onmouseenter: mark, onmouseleave: leave, onfocusin: mark, onfocusout: leave },
      h("span", { class: "property" }, property), " ", h("b", {}, value), lines.length === 0 ? null : go);
  }

  private overCell(target: EventTarget | null): void {
    const name = target instanceof Element ? target.closest("[data-column]")?.getAttribute("data-column") : null;
    if (name === null || name === undefined) return;
    this.markColumns([name]);
    const origins = this.shown?.origins ?? [];
    this.markOrigins(origins.flatMap((origin, at) => (origin.columns.includes(name) ? [at] : [])));
    this.toLines(origins.flatMap((origin) => (origin.columns.includes(name) ? origin.lines.slice(0, 1) : [])), false);
  }

  private markLine(line: number): void {
    const origins = this.shown?.origins ?? [];
    const found = origins.flatMap((origin, at) => (origin.lines.includes(line) ? [at] : []));
    this.markOrigins(found);
    this.markColumns(found.flatMap((at) => origins[at]?.columns ?? []));
  }

  private markColumns(columns: string[], also: string[] = []): void {
    for (const cell of this.table.querySelectorAll("[data-column]")) {
      const name = cell.getAttribute("data-column") ?? "";
      const here = cell.tagName === "TH" || cell.closest("tr")?.classList.contains("chosen") === true;
      cell.classList.toggle("from", here && columns.includes(name));
      cell.classList.toggle("part", here && also.includes(name));
    }
    if (columns.length === 0) this.markOrigins([]);
  }

  private markOrigins(origins: number[]): void {
    this.marked = origins;
    for (const item of this.statements.querySelectorAll("[data-origin]")) {
      item.classList.toggle("from", this.marked.includes(Number(item.getAttribute("data-origin"))));
    }
  }
}
