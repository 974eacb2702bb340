// Points on a map, near ones gathered: ten thousand cost no more than those that are in sight.

import * as L from "leaflet";
import Supercluster from "supercluster";
import { h } from "../page/dom";
import { number, say } from "../page/language";
import type { Position } from "../rdf/geometry";

export interface Spot {
  at: Position;
  name: string;
  /** What is shown when it is chosen; made only then. */
  content(): HTMLElement;
}

const MOST_NAMES = 30;
const DEEPEST = 17;

/** Put points on a map. Each marker is a button of the keyboard's order with its name. */
export function addPoints(map: L.Map, spots: readonly Spot[]): void {
  const index = new Supercluster<{ spot: number }>({ radius: 56, maxZoom: DEEPEST });
  index.load(
    spots.map(({ at: [lat, long] }, spot) => ({
      type: "Feature",
      properties: { spot },
      geometry: { type: "Point", coordinates: [long, lat] },
    })),
  );
  const layer = L.layerGroup().addTo(map);
  // Where a cluster was opened by keyboard: the focus goes on to the nearest of its parts.
  let opened: Position | null = null;
  const draw = (): void => {
    const bounds = map.getBounds().pad(0.2);
    const box: [number, number, number, number] = [
      Math.max(bounds.getWest(), -180),
      Math.max(bounds.getSouth(), -85),
      Math.min(bounds.getEast(), 180),
      Math.min(bounds.getNorth(), 85),
    ];
    const focused = document.activeElement?.getAttribute("title");
    layer.clearLayers();
    let nearest: { marker: L.Marker; metres: number } | null = null;
    for (const feature of index.getClusters(box, Math.round(map.getZoom()))) {
      const [long, lat] = feature.geometry.coordinates as [number, number];
      const marker =
        "cluster" in feature.properties
          ? cluster(map, index, spots, [lat, long], feature.properties, () => { opened = [lat, long]; })
          : single(spots, [lat, long], feature.properties.spot);
      if (marker === null) continue;
      marker.addTo(layer);
      if (opened !== null) {
        const metres = map.distance(opened, [lat, long]);
        if (nearest === null || metres < nearest.metres) nearest = { marker, metres };
      } else if (focused && marker.options.title === focused) {
        // Redrawing must not take the focus away from whoever goes through by keyboard.
        marker.getElement()?.focus();
      }
    }
    nearest?.marker.getElement()?.focus();
    opened = null;
  };
  // A popup that opens moves the map a little; drawing anew would close it.
  map.on("zoomend", draw);
  map.on("moveend", () => {
    if (!popupIsOpen(map)) draw();
  });
  map.whenReady(draw);
}

function popupIsOpen(map: L.Map): boolean {
  return map.getPane("popupPane")?.childElementCount !== 0;
}

function single(spots: readonly Spot[], at: Position, number_: number): L.Marker | null {
  const spot = spots[number_];
  if (spot === undefined) return null;
  return L.marker(at, {
    icon: L.divIcon({ className: "map-point", iconSize: [18, 18] }),
    title: spot.name,
    alt: spot.name,
  }).bindPopup(() => spot.content(), { maxWidth: 320 });
}

function cluster(
  map: L.Map,
  index: Supercluster<{ spot: number }>,
  spots: readonly Spot[],
  at: Position,
  { cluster_id: id, point_count: count }: { cluster_id: number; point_count: number },
  byKeyboard: () => void,
): L.Marker {
  const size = Math.round(28 + 8 * Math.log10(count));
  const title = say(`${number(count)} 件`, `${number(count)} points`);
  const marker = L.marker(at, {
    icon: L.divIcon({
      className: "map-cluster",
      html: h("span", {}, number(count)),
      iconSize: [size, size],
    }),
    title,
    alt: title,
  });
  const open = (): void => {
    const zoom = index.getClusterExpansionZoom(id);
    if (zoom <= DEEPEST && zoom <= map.getMaxZoom()) {
      map.setView(at, zoom);
      return;
    }
    const names = index.getLeaves(id, MOST_NAMES).map((leaf) => spots[leaf.properties.spot]?.name);
    const list = h("ul", { class: "map-names" }, ...names.map((name) => h("li", {}, name)));
    L.popup({ maxWidth: 320 }).setLatLng(at).setContent(list).openOn(map);
  };
  marker.on("click", open);
  marker.on("keypress", (event) => {
    if ((event as L.LeafletKeyboardEvent).originalEvent.key !== "Enter") return;
    byKeyboard();
    open();
  });
  return marker;
}
