// A map of things with places: points gathered, lines and areas as they are.

import * as L from "leaflet";
import type { Tiles } from "../page/config";
import { say } from "../page/language";
import type { Position, Shape } from "../rdf/geometry";
import { addBase } from "./base";
import { addPoints, type Spot } from "./points";

export interface Placed {
  shape: Shape;
  name: string;
  content(): HTMLElement;
}

const JAPAN: L.LatLngBoundsExpression = [[26, 127], [45.6, 145.9]];
const MOST_SHAPES = 2_000;

/** Draw a map into an element. Gives a function that takes it away again. */
export function drawMap(holder: HTMLElement, things: readonly Placed[], tiles: Tiles | null): () => void {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(holder, {
    maxZoom: 18,
    minZoom: 2,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    markerZoomAnimation: !calm,
    // A page that scrolls must not stop at its map.
    scrollWheelZoom: false,
    attributionControl: tiles !== null,
    worldCopyJump: true,
    zoomControl: false,
  });
  map.attributionControl?.setPrefix(false);
  L.control
    .zoom({ zoomInTitle: say("拡大", "Zoom in"), zoomOutTitle: say("縮小", "Zoom out") })
    .addTo(map);
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());

  letKeyboardThroughPopups(map, holder);

  const bounds = L.latLngBounds([]);
  const spots: Spot[] = [];
  for (const thing of things) {
    for (const part of thing.shape.parts) part.forEach((at) => bounds.extend(at));
    if (thing.shape.kind !== "point") continue;
    for (const at of thing.shape.parts.flat()) {
      spots.push({ at, name: thing.name, content: () => thing.content() });
    }
  }
  // Without tiles a lone place says more among its prefectures than in an empty street.
  const deepest = tiles !== null ? 16 : spots.length > 1 ? 13 : 7;
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.12), { maxZoom: deepest });
  else map.fitBounds(JAPAN);
  // What is around a map may settle after it was drawn: it fits anew until somebody uses it.
  let used = false;
  for (const event of ["pointerdown", "keydown", "wheel"]) {
    holder.addEventListener(event, () => { used = true; }, { once: true, passive: true });
  }
  const sizes = new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    if (!used && bounds.isValid()) map.fitBounds(bounds.pad(0.12), { maxZoom: deepest, animate: false });
  });
  sizes.observe(holder);
  addBase(map, tiles);
  for (const thing of things.slice(0, MOST_SHAPES)) {
    if (thing.shape.kind !== "point") drawShape(map, thing);
  }
  addPoints(map, spots);
  return () => {
    sizes.disconnect();
    map.remove();
  };
}

// Leaflet leaves the focus on the marker when a popup opens, and closes it by Escape only while
// the map itself has the focus.
function letKeyboardThroughPopups(map: L.Map, holder: HTMLElement): void {
  let before: HTMLElement | null = null;
  map.on("popupopen", ({ popup }) => {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement) || !holder.contains(focused)) return;
    before = focused;
    popup.getElement()?.querySelector("a")?.focus({ preventScroll: true });
  });
  holder.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    map.closePopup();
    before?.focus();
  });
}

function drawShape(map: L.Map, thing: Placed): void {
  const parts: Position[][] = thing.shape.parts;
  const layer = thing.shape.kind === "area"
    ? L.polygon(parts, { className: "map-shape area", weight: 2 })
    : L.polyline(parts, { className: "map-shape", weight: 3 });
  layer.bindPopup(() => thing.content(), { maxWidth: 320 }).addTo(map);
}
