// What the server tells a script, as JSON in a script element that no browser runs.

export interface Tiles {
  url: string;
  credit: string;
}

export interface Offer {
  id: string;
  label: string;
  type: string;
}

export interface Show {
  map?: Record<string, string>;
  chart?: Record<string, string>;
}

export interface Example {
  name: string;
  title: string;
  description: string;
  text: string;
  show: Show;
}

export interface WorkspaceConfig {
  /** The path that queries are sent to. */
  endpoint: string;
  /** The address that programs elsewhere use. */
  address: string;
  terms: string;
  /** Start of our IRIs, and the path that it has on this server. */
  base: string;
  root: string;
  results: Offer[];
  graphs: Offer[];
  examples: Example[];
  tiles: Tiles | null;
}

/** The JSON of the element with this id; null when the page has none. */
export function config<T>(id: string): T | null {
  const element = document.getElementById(id);
  return element === null ? null : (JSON.parse(element.textContent ?? "null") as T);
}
