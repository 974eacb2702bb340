// The ground of a map: the operator's tiles where there are some; else degrees and place names,
// so that a map says where things are without asking another server.

import * as L from "leaflet";
import type { Tiles } from "../page/config";
import { language } from "../page/language";
import { OUTLINE, OUTLINE_DEEPEST } from "./outline";
import { PREFECTURES } from "./prefectures";

const STEPS = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
const WANTED_PIXELS = 110;
// Further out names would cover the country.
const NAMES_FROM = 6;

/** Give a map its ground. */
export function addBase(map: L.Map, tiles: Tiles | null): void {
  L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);
  if (tiles !== null) {
    L.tileLayer(tiles.url, { attribution: credit(tiles.credit), maxZoom: 18 }).addTo(map);
    return;
  }
  map.createPane("ground").style.zIndex = "150";
  map.createPane("names").style.zIndex = "160";
  const ground = L.layerGroup().addTo(map);
  const draw = (): void => {
    ground.clearLayers();
    if (map.getZoom() <= OUTLINE_DEEPEST) drawOutline(ground);
    drawGraticule(map, ground);
    drawNames(map, ground);
  };
  map.on("moveend zoomend resize", draw);
  map.whenReady(draw);
}

// Leaflet takes an attribution as markup; the setting is text.
function credit(text: string): string {
  const holder = document.createElement("span");
  holder.textContent = text;
  return holder.innerHTML;
}

function drawOutline(ground: L.LayerGroup): void {
  const style = { pane: "ground", className: "map-land", weight: 1, interactive: false };
  for (const coast of OUTLINE) L.polygon(coast, style).addTo(ground);
}

function drawGraticule(map: L.Map, ground: L.LayerGroup): void {
  const bounds = map.getBounds().pad(0.1);
  const width = map.getSize().x || 1;
  const degrees = (map.getBounds().getEast() - map.getBounds().getWest()) * (WANTED_PIXELS / width);
  const step = STEPS.findLast((candidate) => candidate >= degrees) ?? 30;
  const places = Math.max(0, Math.ceil(-Math.log10(step)));
  const south = Math.max(bounds.getSouth(), -85);
  const north = Math.min(bounds.getNorth(), 85);
  for (let long = Math.ceil(bounds.getWest() / step) * step; long <= bounds.getEast(); long += step) {
    line([[south, long], [north, long]], ground);
    label([map.getBounds().getSouth(), long], `${long.toFixed(places)}°`, "map-degree east", ground);
  }
  for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step) {
    line([[lat, bounds.getWest()], [lat, bounds.getEast()]], ground);
    label([lat, map.getBounds().getEast()], `${lat.toFixed(places)}°`, "map-degree north", ground);
  }
}

function drawNames(map: L.Map, ground: L.LayerGroup): void {
  const bounds = map.getBounds();
  const taken: L.Point[] = [];
  if (map.getZoom() < NAMES_FROM) return;
  for (const [ja, en, lat, long] of PREFECTURES) {
    if (!bounds.contains([lat, long])) continue;
    const at = map.latLngToContainerPoint([lat, long]);
    if (taken.some((other) => Math.abs(other.x - at.x) < 52 && Math.abs(other.y - at.y) < 18)) {
      continue;
    }
    taken.push(at);
    // A dot for the seat; the name stands above it, where no point of the data covers it.
    label([lat, long], "", "map-seat", ground);
    label([lat, long], language === "ja" ? ja : en, "map-place", ground);
  }
}

function line(positions: L.LatLngTuple[], ground: L.LayerGroup): void {
  L.polyline(positions, { pane: "ground", className: "map-line", weight: 1, interactive: false })
    .addTo(ground);
}

function label(at: L.LatLngTuple, text: string, className: string, ground: L.LayerGroup): void {
  const words = document.createElement("span");
  words.textContent = text;
  L.marker(at, {
    pane: "names",
    icon: L.divIcon({ className, html: words, iconSize: [0, 0] }),
    interactive: false,
    keyboard: false,
  }).addTo(ground);
}
