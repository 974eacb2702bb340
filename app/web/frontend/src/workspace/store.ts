// Tabs and history, kept in this browser only.

import type { Show } from "../page/config";

export type ViewName = "table" | "chart" | "map" | "pivot" | "graph" | "raw";

export interface Tab {
  id: number;
  name: string;
  text: string;
  show: Show;
  view: ViewName | null;
}

export interface Past {
  text: string;
  time: string;
  note: string;
}

interface Kept {
  tabs: Tab[];
  active: number;
  past: Past[];
}

const KEY = "tsunagu.workspace";
const MOST_PAST = 50;
const MOST_TABS = 30;

export class WorkspaceStore {
  private kept: Kept;

  constructor(first: () => Tab) {
    this.kept = read() ?? { tabs: [], active: 0, past: [] };
    if (this.kept.tabs.length === 0) this.kept.tabs.push(first());
    if (this.active === undefined) this.kept.active = this.kept.tabs[0]?.id ?? 0;
  }

  get tabs(): readonly Tab[] {
    return this.kept.tabs;
  }

  get past(): readonly Past[] {
    return this.kept.past;
  }

  get active(): Tab {
    return this.kept.tabs.find((tab) => tab.id === this.kept.active) ?? (this.kept.tabs[0] as Tab);
  }

  choose(id: number): void {
    this.kept.active = id;
    this.write();
  }

  /** A new tab beside the others; one with the same text is chosen instead. */
  open(name: string, text: string, show: Show = {}): Tab {
    const same = this.kept.tabs.find((tab) => tab.text.trim() === text.trim());
    const tab = same ?? { id: 1 + Math.max(0, ...this.kept.tabs.map((other) => other.id)), name, text, show, view: null };
    if (same === undefined) this.kept.tabs.push(tab);
    if (this.kept.tabs.length > MOST_TABS) this.kept.tabs.shift();
    this.choose(tab.id);
    return tab;
  }

  close(id: number): void {
    const index = this.kept.tabs.findIndex((tab) => tab.id === id);
    if (this.kept.tabs.length < 2 || index < 0) return;
    this.kept.tabs.splice(index, 1);
    if (this.kept.active === id) this.kept.active = this.kept.tabs[Math.max(0, index - 1)]?.id ?? 0;
    this.write();
  }

  change(change: Partial<Tab>): void {
    Object.assign(this.active, change);
    this.write();
  }

  remember(text: string, note: string): void {
    const others = this.kept.past.filter((past) => past.text !== text);
    this.kept.past = [{ text, time: new Date().toISOString(), note }, ...others].slice(0, MOST_PAST);
    this.write();
  }

  forget(): void {
    this.kept.past = [];
    this.write();
  }

  private write(): void {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.kept));
    } catch {
      // Full, or forbidden by the browser: tabs then last as long as the page.
    }
  }
}

function read(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Kept | null;
    return kept !== null && Array.isArray(kept.tabs) && Array.isArray(kept.past) ? kept : null;
  } catch {
    return null;
  }
}
