// Dialogs over the workspace: the address to share, and the query as a program.

import { fill, h } from "../page/dom";
import { say } from "../page/language";
import { addressOf } from "./share";
import { snippets } from "./snippets";

/** Show the address that opens this query. */
export async function shareDialog(query: string): Promise<void> {
  const address = await addressOf(query);
  history.replaceState(null, "", address);
  const note = say("問い合わせ文は # の後にあり、サーバーには送られません。", "The query stands after the #: it is not sent to a server.");
  dialog(say("このアドレスで開けます", "This address opens the query"), copyable(address), h("p", { class: "quiet" }, note));
}

/** Show the query as programs. */
export function codeDialog(address: string, query: string): void {
  const body = h("div");
  const programs = snippets(address, query);
  const buttons = programs.map((one) => h("button", { type: "button", onclick: () => pick(one.name) }, one.name));
  const pick = (name: string): void => {
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.textContent === name)));
    fill(body, copyable(programs.find((one) => one.name === name)?.text ?? ""));
  };
  pick(programs[0]?.name ?? "");
  const views = h("div", { class: "views", role: "group", "aria-label": say("言語", "Language") }, ...buttons);
  dialog(say("プログラムから使う", "Use in a program"), views, body);
}

function copyable(text: string): HTMLElement {
  const code = h("code", {}, text);
  const button = h("button", { type: "button", class: "button" }, say("コピー", "Copy"));
  button.addEventListener("click", () => {
    void copy(text, code).then((done) => {
      fill(button, done ? say("コピーしました", "Copied") : say("選択しました。コピーしてください", "Selected: now copy it"));
    });
  });
  return h("div", { class: "copyable" }, h("pre", { tabindex: "0" }, code), h("p", {}, button));
}

async function copy(text: string, code: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Browsers give the clipboard to secure pages only; a selection can be copied by hand.
    getSelection()?.selectAllChildren(code);
    return false;
  }
}

function dialog(title: string, ...content: HTMLElement[]): void {
  const close = h("button", { type: "button", class: "plain close", "aria-label": say("閉じる", "Close") }, "×");
  const heading = h("h2", { id: "dialog-title" }, title);
  const box = h("dialog", { "aria-labelledby": "dialog-title" }, h("div", { class: "dialog-head" }, heading, close), ...content);
  close.addEventListener("click", () => box.close());
  box.addEventListener("click", (event) => event.target === box && box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}
