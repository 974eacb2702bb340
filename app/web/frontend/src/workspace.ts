// The SPARQL workspace: takes the place of the form that the page has without scripts.

import { fill, h } from "./page/dom";
import { config, type WorkspaceConfig } from "./page/config";
import { language, say } from "./page/language";
import { Prefixes } from "./rdf/terms";
import type { CellContext } from "./workspace/cell";
import { fetchVocabulary, type Vocabulary } from "./workspace/complete";
import { codeDialog, shareDialog } from "./workspace/dialogs";
import { Editor } from "./workspace/editor";
import { hints } from "./workspace/hint";
import { Names } from "./workspace/names";
import { ResultPanel } from "./workspace/result";
import { run, type Outcome } from "./workspace/run";
import { queryInAddress } from "./workspace/share";
import { WorkspaceStore, type Tab } from "./workspace/store";

const settings = config<WorkspaceConfig>("workspace-config");
const holder = document.getElementById("workspace");
if (settings !== null && holder !== null) await start(holder, settings);

async function start(place: HTMLElement, settings: WorkspaceConfig): Promise<void> {
  const asked = new URLSearchParams(location.search).get("query");
  const shared = await queryInAddress();
  // The shortest is read at a glance.
  const first = settings.examples.toSorted((a, b) => a.text.length - b.text.length)[0];
  const untitled = say("問い合わせ", "Query");
  const fresh = (): Tab => ({
    id: 1, name: first?.title ?? untitled, text: first?.text ?? "SELECT * WHERE { ?s ?p ?o } LIMIT 10\n", show: first?.show ?? {}, view: null,
  });
  const store = new WorkspaceStore(fresh);
  const given = shared ?? asked;
  if (given !== null) store.open(settings.examples.find((one) => one.text.trim() === given.trim())?.title ?? untitled, given);

  let vocabulary: Vocabulary | null = null;
  const names = new Names(settings.endpoint, `${settings.base}/id/`);
  const context: CellContext = { base: settings.base, root: settings.root, prefixes: new Prefixes({}), names };
  let running: AbortController | null = null;
  const outcomes = new Map<number, { outcome: Outcome; text: string }>();

  const tabs = h("div", { class: "tabs", role: "group", "aria-label": say("問い合わせのタブ", "Query tabs") });
  const box = h("div", { class: "editor" });
  const results = h("section", { class: "results", "aria-label": say("結果", "Result") });
  const past = h("ol", { class: "past" });
  const editor = new Editor(box, store.active.text, () => vocabulary, hints(() => vocabulary, names, settings.base), {
    changed: (text) => store.change({ text }),
    run: () => void execute(),
  });
  const panel = new ResultPanel(results, settings, context, (view) => store.change({ view }));

  async function execute(): Promise<void> {
    running?.abort();
    const control = (running = new AbortController());
    const tab = store.active;
    const text = editor.text;
    editor.clear();
    panel.waiting(() => {
      control.abort();
      panel.clear();
    });
    let outcome: Outcome;
    try {
      outcome = await run(settings.endpoint, text, control.signal);
    } catch {
      return; // ended by the reader, or by another run
    }
    outcomes.set(tab.id, { outcome, text });
    store.remember(text, outcome.note.text);
    drawPast();
    if (store.active.id !== tab.id) return;
    present(tab);
  }

  function present(tab: Tab): void {
    const known = outcomes.get(tab.id);
    if (known === undefined) {
      panel.clear();
      return;
    }
    const { outcome, text } = known;
    panel.show(outcome, text, tab.show, tab.view);
    if (outcome.kind !== "failure" || outcome.failure.line === null) return;
    const { message, hint, line, column, instead, replaces } = outcome.failure;
    const repair = editor.mark({ line, column, instead, replaces, message: hint === null ? message : `${message}\n${hint}` });
    if (repair === null) return;
    panel.offer(repair.name, () => {
      editor.repair(repair);
      void execute();
    });
  }

  function choose(id: number): void {
    running?.abort();
    store.choose(id);
    editor.show(store.active.text);
    drawTabs();
    present(store.active);
  }

  function open(name: string, text: string, show = {}): void {
    choose(store.open(name, text, show).id);
    void execute();
  }

  function drawTabs(): void {
    const buttons = store.tabs.map((tab) => {
      const now = tab.id === store.active.id;
      const title = h("button", { type: "button", class: "tab-name", "aria-current": now ? "true" : null, title: now ? say("ダブルクリックか F2 で名前を変えられます", "Double-click or F2 renames it") : null, onclick: () => choose(tab.id) }, tab.name);
      const rename = (): void => {
        const name = prompt(say("タブの名前", "Name of the tab"), tab.name)?.trim();
        if (name) store.change({ name });
        drawTabs();
      };
      title.addEventListener("dblclick", rename);
      title.addEventListener("keydown", (event) => event.key === "F2" && now && rename());
      const close = h("button", {
        type: "button", class: "tab-close", "aria-label": say(`${tab.name} を閉じる`, `Close ${tab.name}`),
        onclick: () => { outcomes.delete(tab.id); store.close(tab.id); choose(store.active.id); },
      }, "×");
      return h("span", { class: now ? "tab now" : "tab" }, title, store.tabs.length > 1 && close);
    });
    const add = h("button", {
      type: "button", class: "tab-add", "aria-label": say("新しいタブ", "New tab"), title: say("新しいタブ", "New tab"),
      onclick: () => { choose(store.open(`${untitled} ${store.tabs.length + 1}`, `SELECT * WHERE {\n  ?thing ?property ?value .\n}\nLIMIT ${10 + store.tabs.length}\n`).id); editor.focus(); },
    }, "+");
    fill(tabs, ...buttons, add);
    tabs.querySelector(".now")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function drawPast(): void {
    const when = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" });
    const items = store.past.map(({ text, time, note }) =>
      h("li", {}, h("button", { type: "button", class: "plain", title: text, onclick: () => open(untitled, text) }, firstLine(text)), h("small", {}, `${when.format(new Date(time))} · ${note}`)),
    );
    const clear = h("button", { type: "button", class: "plain", onclick: () => { store.forget(); drawPast(); } }, say("履歴を消す", "Clear the history"));
    fill(past, ...(items.length > 0 ? [...items, h("li", {}, clear)] : [h("li", { class: "quiet" }, say("まだありません。", "Nothing yet."))]));
  }

  const examples = settings.examples.map(({ title, description, text, show }) =>
    h("li", {}, h("button", { type: "button", class: "example", title: description, onclick: () => open(title, text, show) }, h("b", {}, title), h("small", {}, description))),
  );
  const find = h("input", { type: "search", placeholder: say("例をさがす", "Find an example"), "aria-label": say("例をさがす", "Find an example") });
  find.addEventListener("input", () => {
    const wanted = find.value.toLowerCase();
    for (const item of examples) item.hidden = !(item.textContent ?? "").toLowerCase().includes(wanted);
  });
  const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  const tools = h(
    "div",
    { class: "tools" },
    h("button", { type: "button", class: "button", onclick: () => void execute() }, say("実行", "Run"), h("kbd", {}, mac ? "⌘ Enter" : "Ctrl Enter")),
    h("button", { type: "button", class: "plain", onclick: () => void shareDialog(editor.text) }, say("共有", "Share")),
    h("button", { type: "button", class: "plain", onclick: () => codeDialog(settings.address, editor.text) }, say("プログラムにする", "Use in a program")),
  );
  fill(
    place,
    // First in the order of the keyboard, second to the eye.
    h("div", { class: "desk" }, tabs, box, tools, results),
    h("aside", { class: "side" },
      h("details", { open: matchMedia("(min-width: 64rem)").matches }, h("summary", {}, say("例から始める", "Start from an example")), h("p", { class: "example-find" }, find), h("ul", { class: "example-list" }, ...examples)),
      h("details", {}, h("summary", {}, say("履歴", "History")), past)),
  );
  place.hidden = false;
  document.getElementById("without-scripts")?.remove();
  drawTabs();
  drawPast();
  panel.clear();
  window.addEventListener("hashchange", () => {
    void queryInAddress().then((text) => text !== null && open(untitled, text));
  });
  if (given !== null) void execute();
  try {
    vocabulary = await fetchVocabulary(settings.terms);
    context.prefixes = vocabulary.prefixes;
    names.learn(vocabulary);
  } catch {
    // Completion then knows variables and key words only.
  }
}

function firstLine(text: string): string {
  const line = text.split("\n").find((one) => /\S/.test(one) && !/^\s*(#|PREFIX|BASE)/i.test(one)) ?? text;
  return line.trim().slice(0, 80);
}
