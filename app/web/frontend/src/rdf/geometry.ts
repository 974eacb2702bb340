// Where things are: WKT literals (OGC 06-103r4, chapter 7) and pairs of latitude and longitude.

import { numeric, WKT, type Row, type Table } from "./terms";

export type Position = [latitude: number, longitude: number];

export interface Shape {
  kind: "point" | "line" | "area";
  parts: Position[][];
}

export interface Places {
  /** The variables that say where: one with WKT, or latitude and longitude. */
  variables: string[];
  shape(row: Row): Shape | null;
}

const LATITUDE = /(^|[^a-z])(lat|latitude)$|[a-z]Lat$|緯度/i;
const LONGITUDE = /(^|[^a-z])(long?|lng|longitude)$|[a-z](Long?|Lng)$|経度/i;

/** How a table says where its rows are, or null when it does not. */
export function places(table: Table): Places | null {
  const sample = table.rows.slice(0, 200);
  const wkt = table.variables.find((name) =>
    sample.some((row) => row[name]?.datatype === WKT || /^(POINT|LINESTRING|POLYGON|MULTI)/i.test(
      row[name]?.type === "literal" ? row[name].value : "",
    )),
  );
  if (wkt !== undefined) {
    return { variables: [wkt], shape: (row) => parseWkt(row[wkt]?.value ?? "") };
  }
  const has = (pattern: RegExp, bound: number): string | undefined =>
    table.variables.find(
      (name) =>
        pattern.test(name) &&
        !name.startsWith("_") &&
        sample.some((row) => Math.abs(numeric(row[name]) ?? Infinity) <= bound),
    );
  const latitude = has(LATITUDE, 90);
  const longitude = has(LONGITUDE, 180);
  if (latitude === undefined || longitude === undefined) return null;
  return {
    variables: [latitude, longitude],
    shape: (row) => {
      const [lat, long] = [numeric(row[latitude]), numeric(row[longitude])];
      return lat === null || long === null ? null : { kind: "point", parts: [[[lat, long]]] };
    },
  };
}

/** The shape of a WKT text with coordinates in the order longitude, latitude (the default,
 * CRS84), or null for a text or a reference system that is not read here. */
export function parseWkt(text: string): Shape | null {
  const found =
    /^\s*(?:<([^>]*)>\s*)?(MULTI)?(POINT|LINESTRING|POLYGON)\s*(?:Z|M|ZM)?\s*\((.*)\)\s*$/is.exec(text);
  if (found === null) return null;
  const [, system, , kind, body] = found;
  // EPSG:4326 and Japan's JGD2011 (EPSG:6668) write the latitude first.
  const latitudeFirst = system !== undefined && /EPSG\/0\/(4326|6668|4612)$/.test(system);
  const lists = (body ?? "").split(/\)\s*,\s*\(/).map((part) =>
    part.split(",").flatMap((pair): Position[] => {
      const [x, y] = pair.replace(/[()]/g, " ").trim().split(/\s+/).map(Number);
      if (x === undefined || y === undefined || !Number.isFinite(x + y)) return [];
      const [lat, long] = latitudeFirst ? [x, y] : [y, x];
      return Math.abs(lat) <= 90 && Math.abs(long) <= 180 ? [[lat, long]] : [];
    }),
  );
  const parts = lists.filter((list) => list.length > 0);
  if (parts.length === 0) return null;
  const kinds = { POINT: "point", LINESTRING: "line", POLYGON: "area" } as const;
  return { kind: kinds[(kind ?? "POINT").toUpperCase() as keyof typeof kinds], parts };
}
