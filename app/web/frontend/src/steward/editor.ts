// The editor of a mapping: CodeMirror 6 inside a shadow root (see workspace/editor.ts for why).

import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore, redo, undo } from "@codemirror/commands";
import { bracketMatching, foldGutter, indentUnit, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { searchKeymap } from "@codemirror/search";
import { EditorState, Prec, StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, type DecorationSet } from "@codemirror/view";
import { colours, look, typedOver } from "../page/code";
import { say } from "../page/language";
import { completions } from "./complete";
import type { Fault } from "./tried";
import type { Words } from "./words";
import { yaml } from "./yaml";

const setMarked = StateEffect.define<number[]>();
const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, change) {
    const next = change.effects.find((effect) => effect.is(setMarked));
    if (next === undefined) return lines.map(change.changes);
    const known = [...new Set(next.value as number[])].filter((line) => line >= 1 && line <= change.state.doc.lines).sort((a, b) => a - b);
    return Decoration.set(known.map((line) => Decoration.line({ class: "cm-marked" }).range(change.state.doc.line(line).from)));
  },
  provide: (field) => EditorView.decorations.from(field),
});

const mine = EditorView.theme({
  ".cm-marked": { backgroundColor: "var(--accent-soft)", boxShadow: "inset 3px 0 0 var(--accent)" },
});

export interface EditorEvents {
  changed(text: string): void;
  saved(): void;
  atLine(line: number): void;
}

export class MappingEditor {
  private readonly view: EditorView;

  constructor(holder: HTMLElement, text: string, writable: boolean, words: () => Words | null, events: EditorEvents) {
    const root = holder.attachShadow({ mode: "open" });
    const extensions: Extension[] = [
      lineNumbers(), foldGutter(), lintGutter(), history(), drawSelection(), bracketMatching(), closeBrackets(),
      highlightActiveLine(), highlightActiveLineGutter(), EditorState.tabSize.of(2), indentUnit.of("  "),
      EditorState.readOnly.of(!writable), StreamLanguage.define(yaml), syntaxHighlighting(colours), look, mine, marked, typedOver,
      autocompletion({ override: [(context) => completions(context, words())], icons: false, activateOnTypingDelay: 50 }),
      Prec.highest(keymap.of([
        { key: "Mod-s", run: () => (events.saved(), true) },
        { key: "Tab", run: acceptCompletion },
        // Tab leaves the editor, as it leaves every field; these indent.
        { key: "Mod-]", run: indentMore }, { key: "Mod-[", run: indentLess },
      ])),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.contentAttributes.of({ "aria-label": say("対応づけ", "Mapping"), "aria-multiline": "true", tabindex: "0" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) events.changed(this.text);
        else if (update.selectionSet) events.atLine(update.state.doc.lineAt(update.state.selection.main.head).number);
      }),
    ];
    this.view = new EditorView({ parent: root, root, state: EditorState.create({ doc: text, extensions }) });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  undo(): void {
    undo(this.view);
    this.view.focus();
  }

  redo(): void {
    redo(this.view);
    this.view.focus();
  }

  /** Offer what may stand at the cursor. */
  complete(): void {
    this.view.focus();
    startCompletion(this.view);
  }

  /** Underline what is wrong. */
  mark(faults: Fault[]): void {
    const { doc } = this.view.state;
    const diagnostics = faults.map(({ message, hint, line, column }): Diagnostic => {
      const at = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines));
      // The server counts characters (code points); the editor counts UTF-16 units.
      const before = column === null ? "" : [...at.text].slice(0, column - 1).join("");
      const from = column === null ? at.from + (/\S/.exec(at.text)?.index ?? 0) : Math.min(at.from + before.length, at.to);
      const word = /^[^\s,\]}]+/.exec(doc.sliceString(from, at.to))?.[0] ?? "";
      const to = column === null ? at.to : Math.min(from + Math.max(word.length, 1), Math.max(at.to, from));
      return { from, to, severity: "error", message: hint === "" ? message : `${message}\n${hint}` };
    });
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics));
  }

  /** Mark lines; with `go` the first one gets the cursor. */
  lines(lines: number[], go: boolean): void {
    this.view.dispatch({ effects: setMarked.of(lines) });
    const [first] = lines;
    if (!go || first === undefined || first > this.view.state.doc.lines) return;
    const from = this.view.state.doc.line(first).from;
    this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    this.view.focus();
  }
}
