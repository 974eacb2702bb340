// The stewards' editor of a mapping: it takes the place of the form's text, and what stands there
// is tried while someone types. Without scripts the form works as it is.

import { fill, h } from "./page/dom";
import { say } from "./page/language";
import { MappingEditor } from "./steward/editor";
import { Result } from "./steward/result";
import { tryMapping, type Fault } from "./steward/tried";
import { fetchWords, type Words } from "./steward/words";

const WAIT_MS = 80; // a pause; what was tried meanwhile is given up

const holder = document.querySelector<HTMLElement>(".editor[data-try]");
const field = holder?.querySelector("textarea");
const form = field?.form;
if (holder && field && form) begin(holder, field, form);

function begin(place: HTMLElement, text: HTMLTextAreaElement, form: HTMLFormElement): void {
  const key = form.querySelector<HTMLInputElement>("input[name=key]")?.value ?? "";
  const save = form.querySelector<HTMLButtonElement>("button[value=save]");
  const errors = document.getElementById("errors");
  const side = document.getElementById("preview");
  if (errors === null || side === null) return;
  let words: Words | null = null;
  let waiting = 0;
  let running: AbortController | null = null;

  const code = h("div", { class: "code" });
  const editor = new MappingEditor(code, text.value, save !== null, () => words, {
    changed(now) {
      text.value = now;
      clearTimeout(waiting);
      waiting = window.setTimeout(attempt, WAIT_MS);
    },
    saved: () => save?.click(),
    atLine: (line) => result.showLine(line),
  });
  const result = new Result(side, (lines, go) => editor.lines(lines, go));
  const tool = (name: string, keys: string, act: () => void): HTMLElement => h("button", { type: "button", class: "plain", title: keys, onclick: act }, name);
  const tools = h("div", { class: "code-tools", role: "toolbar", "aria-label": say("編集", "Editing") },
    tool(say("元に戻す", "Undo"), "Ctrl+Z", () => editor.undo()),
    tool(say("やり直す", "Redo"), "Ctrl+Y", () => editor.redo()),
    tool(say("候補", "Suggest"), "Ctrl+Space", () => editor.complete()));
  text.hidden = true;
  text.before(tools, code);
  form.querySelector("button[value=try]")?.remove();
  document.querySelector("ol.lines")?.previousElementSibling?.remove();
  document.querySelector("ol.lines")?.remove();
  place.dataset.ready = "true";

  fetchWords(place.dataset.words ?? "").then((found) => { words = found; }, () => undefined);
  if (save !== null) void attempt();

  async function attempt(): Promise<void> {
    running?.abort();
    const stop = new AbortController();
    running = stop;
    const began = performance.now();
    try {
      const { faults, shown } = await tryMapping(place.dataset.try ?? "", key, editor.text, stop.signal);
      tell(faults);
      if (shown !== null) result.show(shown);
      place.dataset.tried = String(Math.round(performance.now() - began));
    } catch (error) {
      if (stop.signal.aborted) return;
      tell([{ message: say("試せませんでした。", "It could not be tried."), hint: say("サインインし直す必要があるかもしれません。", "You may have to sign in again."), line: null, column: null }], false);
    }
  }

  function tell(faults: Fault[], mark = true): void {
    editor.mark(mark ? faults : []);
    side?.classList.toggle("stale", faults.length > 0);
    fill(errors as HTMLElement, ...faults.map(({ message, hint, line }) => h("section", { class: "failure" },
      h("p", {}, h("b", {}, message), " ",
        line === null ? null : h("button", { type: "button", class: "to-line", onclick: () => editor.lines([line], true) }, say(`${line} 行目`, `line ${line}`))),
      hint === "" ? null : h("p", {}, hint))));
  }
}
