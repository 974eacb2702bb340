// The panel under the editor: how whole the result is, the views, and the result as files.

import { fill, h } from "../page/dom";
import type { Offer, Show, WorkspaceConfig } from "../page/config";
import { say } from "../page/language";
import type { CellContext } from "./cell";
import type { Failure, Outcome } from "./run";
import type { ViewName } from "./store";
import { drawView, viewsOf, viewTitle } from "./views";

// Servers and proxies in between take addresses of about 8,000 bytes.
const LONGEST_ADDRESS = 6_000;

export class ResultPanel {
  private stop: () => void = () => undefined;
  private drawing = 0;

  constructor(
    private readonly holder: HTMLElement,
    private readonly config: WorkspaceConfig,
    private readonly context: CellContext,
    private readonly chosen: (view: ViewName) => void,
  ) {}

  clear(): void {
    this.stop();
    this.stop = () => undefined;
    this.drawing += 1;
    const words = say("実行すると、ここに表・地図・グラフが出ます。", "Run the query: tables, maps and charts appear here.");
    fill(this.holder, h("p", { class: "nothing" }, words));
  }

  /** Add a button with a repair to what is shown. */
  offer(name: string, repair: () => void): void {
    this.holder.append(h("p", {}, h("button", { type: "button", class: "button", onclick: repair }, name)));
  }

  waiting(cancel: () => void): void {
    this.clear();
    const button = h("button", { type: "button", class: "plain", onclick: cancel }, say("やめる", "Cancel"));
    fill(this.holder, h("div", { class: "banner running", role: "status" }, h("span", { class: "spinner", "aria-hidden": "true" }), say("実行しています…", "Running…"), button));
  }

  show(outcome: Outcome, query: string, show: Show, wanted: ViewName | null): void {
    this.clear();
    const banner = h(
      "div",
      { class: `banner ${outcome.note.state}`, role: outcome.kind === "failure" ? "alert" : "status" },
      h("b", {}, outcome.note.text),
      h("span", { class: "quiet" }, `${outcome.seconds.toFixed(2)} s`),
    );
    if (outcome.kind === "failure") {
      fill(this.holder, banner, failure(outcome.failure));
      return;
    }
    const body = h("div", { class: "view" });
    const verdict = outcome.kind === "boolean" && h("p", { class: "verdict" }, outcome.value ? say("はい (true)", "Yes (true)") : say("いいえ (false)", "No (false)"));
    const { views, best } = viewsOf(outcome, show);
    const now = wanted !== null && views.includes(wanted) ? wanted : best;
    const buttons = views.map((view) =>
      h("button", { type: "button", "aria-pressed": String(view === now), onclick: () => pick(view) }, viewTitle(view)),
    );
    const draw = async (view: ViewName): Promise<void> => {
      this.stop();
      const turn = ++this.drawing;
      const raw = (): Promise<string> => this.raw(query, outcome.kind === "graph");
      body.setAttribute("aria-busy", "true"); // maps and charts come in files of their own
      try {
        const stop = await drawView(body, view, outcome, { ...this.context, tiles: this.config.tiles, show, raw });
        if (turn === this.drawing) this.stop = stop;
        else stop();
      } catch (error) {
        const words = say("表示できませんでした。通信を確かめて、もう一度選んでください。", "This view could not be shown. Check the connection and choose it again.");
        if (turn === this.drawing) fill(body, h("p", { class: "failure", role: "alert" }, words, h("br"), h("small", {}, String(error))));
      } finally {
        if (turn === this.drawing) body.removeAttribute("aria-busy");
      }
    };
    const pick = (view: ViewName): void => {
      buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(views[index] === view)));
      this.chosen(view);
      void draw(view);
    };
    const offers = outcome.kind === "graph" ? this.config.graphs : this.config.results;
    fill(
      this.holder,
      h("div", { class: "result-head" }, banner, outcome.kind === "boolean" ? null : h("div", { class: "views", role: "group", "aria-label": say("表示のしかた", "Views") }, ...buttons)),
      verdict,
      body,
      h("p", { class: "files" }, h("span", { class: "quiet" }, say("この結果を取る", "Get this result")), ...offers.map((offer) => this.file(offer, query))),
    );
    if (outcome.kind !== "boolean") void draw(now);
  }

  private async raw(query: string, isGraph: boolean): Promise<string> {
    const accept = isGraph ? "text/turtle" : "application/sparql-results+json";
    const text = await (await this.fetch(query, accept)).text();
    if (isGraph || text.length > 2_000_000) return text.slice(0, 2_000_000);
    return JSON.stringify(JSON.parse(text), null, 2);
  }

  private fetch(query: string, accept: string): Promise<Response> {
    const headers = { accept, "content-type": "application/sparql-query" };
    return fetch(this.config.endpoint, { method: "POST", headers, body: query });
  }

  private file(offer: Offer, query: string): HTMLElement {
    const name = `result.${offer.id}`;
    const address = `${this.config.endpoint}?${new URLSearchParams({ format: offer.id, query })}`;
    if (address.length <= LONGEST_ADDRESS) return h("a", { href: address, download: name, type: offer.type }, offer.label);
    const save = async (): Promise<void> => {
      const href = URL.createObjectURL(await (await this.fetch(query, offer.type)).blob());
      h("a", { href, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
    };
    return h("button", { type: "button", class: "plain", onclick: () => void save() }, offer.label);
  }
}

function failure({ message, hint, line, column }: Failure): HTMLElement {
  const place = line === null ? null : say(`${line} 行目`, `Line ${line}`) + (column === null ? "" : say(` ${column} 文字目`, `, column ${column}`));
  return h(
    "section",
    { class: "failure" },
    place !== null && h("p", { class: "quiet" }, place),
    h("p", {}, h("b", {}, message)),
    hint !== null && h("p", {}, hint),
  );
}
