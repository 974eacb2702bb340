// The live examples of the home page: a chart of bars from a saved query. (The map is drawn by
// maps.ts.)

import { fetchTable } from "./page/fetch";
import { h } from "./page/dom";
import { number } from "./page/language";
import { numeric } from "./rdf/terms";

interface BarSource {
  query: string;
  x: string;
  y: string;
}

const MOST_BARS = 8;

for (const holder of document.querySelectorAll<HTMLElement>("[data-bars]")) {
  void show(holder, JSON.parse(holder.dataset["bars"] ?? "{}") as BarSource);
}

async function show(holder: HTMLElement, { query, x, y }: BarSource): Promise<void> {
  const table = await fetchTable(query).catch(() => null);
  const bars = (table?.rows ?? []).slice(0, MOST_BARS).map((row) => ({
    name: row[x]?.value ?? "",
    value: numeric(row[y]) ?? 0,
  }));
  const highest = Math.max(...bars.map((bar) => bar.value));
  if (bars.length === 0 || highest <= 0) {
    holder.remove();
    return;
  }
  holder.replaceChildren(
    ...bars.map(({ name, value }) => {
      const bar = h("span", { class: "bar" });
      // Through the object model: a style attribute would be refused by our policy.
      bar.style.width = `${(100 * value) / highest}%`;
      return h("li", {}, h("span", { class: "bar-name" }, name), h("span", { class: "bar-track" }, bar), h("span", { class: "bar-value" }, number(value)));
    }),
  );
  holder.hidden = false;
}
