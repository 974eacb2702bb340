// Charts on pages of saved queries: every element with `data-chart`.

import { drawChart } from "./chart/draw";
import { guess } from "./chart/guess";
import type { Show } from "./page/config";
import { fetchTable } from "./page/fetch";
import { language } from "./page/language";
import { numeric } from "./rdf/terms";

interface ChartSource {
  query: string;
  show: Show;
  /** What columns are called, in both languages. */
  columns: Record<string, { ja: string; en: string }>;
}

for (const holder of document.querySelectorAll<HTMLElement>("[data-chart]")) {
  void show(holder, JSON.parse(holder.dataset["chart"] ?? "{}") as ChartSource);
}

async function show(holder: HTMLElement, source: ChartSource): Promise<void> {
  // The table of the page has all of it; a chart that cannot be drawn is left out.
  const table = await fetchTable(source.query).catch(() => null);
  const choice = table === null ? null : guess(table, source.show);
  if (table === null || choice === null) {
    holder.remove();
    return;
  }
  const heading = (name: string): string => source.columns[name]?.[language] ?? name;
  const names = table.rows.map((row) => row[choice.category]?.value ?? "");
  const columns = choice.values.map((name) => ({
    name: heading(name),
    values: table.rows.map((row) => numeric(row[name])),
  }));
  holder.hidden = false;
  holder.classList.toggle("long", names.length > 24 && choice.kind !== "line" && choice.kind !== "pie");
  const title = `${heading(choice.category)}: ${columns.map((column) => column.name).join(", ")}`;
  drawChart(holder, choice, { names, columns }, title);
}
