// Maps on pages: every element with `data-map`. Its value says where the points are: JSON with
// the points themselves, or a query whose result has them.

import { fetchTable } from "./page/fetch";
import { h, safeHref } from "./page/dom";
import type { Tiles } from "./page/config";
import { say } from "./page/language";
import { places } from "./rdf/geometry";
import { drawMap, type Placed } from "./map/map";

interface Point {
  name: string;
  href: string | null;
  lat: number;
  long: number;
}

interface MapSource {
  points?: Point[];
  /** A path with the result of a query that says where things are. */
  query?: string;
  /** The column of that result with the names. */
  label?: string;
  /** Start of our IRIs and the path that it has on this server. */
  base: string;
  root: string;
  tiles: Tiles | null;
}

for (const holder of document.querySelectorAll<HTMLElement>("[data-map]")) {
  void show(holder, JSON.parse(holder.dataset["map"] ?? "{}") as MapSource);
}

async function show(holder: HTMLElement, source: MapSource): Promise<void> {
  try {
    const things = source.query === undefined
      ? (source.points ?? []).map(ofPoint)
      : await ofQuery(source.query, source);
    if (things.length === 0) holder.remove();
    else drawMap(holder, things, source.tiles);
  } catch (error) {
    holder.append(h("p", { class: "quiet" }, say("地図を表示できません: ", "No map: "), String(error)));
  }
}

function ofPoint({ name, href, lat, long }: Point): Placed {
  return {
    name,
    shape: { kind: "point", parts: [[[lat, long]]] },
    content: () => popup(name, href),
  };
}

async function ofQuery(address: string, source: MapSource): Promise<Placed[]> {
  const table = await fetchTable(address);
  const where = places(table);
  return table.rows.flatMap((row) => {
    const shape = where?.shape(row) ?? null;
    if (shape === null) return [];
    const iris = Object.values(row).flatMap((term) => (term?.type === "uri" ? [term.value] : []));
    const iri = row["thing"]?.value ?? iris.find((one) => one.startsWith(`${source.base}/id/`)) ?? "";
    const name = row[source.label ?? "label"]?.value ?? iri;
    const href = iri.startsWith(`${source.base}/`) ? source.root + iri.slice(source.base.length) : iri;
    return [{ name, shape, content: () => popup(name, href) }];
  });
}

function popup(name: string, href: string | null): HTMLElement {
  const followed = href?.startsWith("/") ? href : href === null ? null : safeHref(href);
  return followed === null ? h("b", {}, name) : h("a", { href: followed }, name);
}
