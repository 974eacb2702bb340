// The query editor: CodeMirror 6 inside a shadow root. There it keeps its styles in constructed
// style sheets, which a Content-Security-Policy without 'unsafe-inline' allows; in the document
// itself it would write style elements, which that policy forbids.

import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { bracketMatching, foldGutter, indentUnit, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, Prec, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { colours, look, typedOver } from "../page/code";
import { say } from "../page/language";
import { completions, missingPrefix, type Vocabulary } from "./complete";
import { sparql } from "./highlight";

const SPARE_PX = 20;
const FEWEST_LINES = 6;
const MOST_LINES = 15;

export interface Fault {
  line: number;
  column: number | null;
  message: string;
  /** What was probably meant instead of so many characters (code points) at the place. */
  instead: string | null;
  replaces: number;
}

/** A change that would mend a fault, and what it is called. */
export interface Repair {
  from: number;
  to: number;
  insert: string;
  name: string;
}

export interface EditorEvents {
  changed(text: string): void;
  run(): void;
}

export class Editor {
  private readonly view: EditorView;
  private quietly = false;
  private fitted = "";

  constructor(private readonly holder: HTMLElement, text: string, private readonly vocabulary: () => Vocabulary | null, hints: Extension, events: EditorEvents) {
    const root = holder.attachShadow({ mode: "open" });
    this.view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(), foldGutter(), lintGutter(), history(), drawSelection(), bracketMatching(),
          closeBrackets(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(),
          EditorState.tabSize.of(2), indentUnit.of("  "), EditorView.lineWrapping,
          StreamLanguage.define(sparql), syntaxHighlighting(colours), look, typedOver, hints,
          autocompletion({ override: [(context) => completions(context, vocabulary())], icons: false }),
          Prec.highest(keymap.of([
            { key: "Mod-Enter", run: () => (events.run(), true) },
            { key: "Tab", run: acceptCompletion },
            // Tab leaves the editor, as it leaves every field; these indent.
            { key: "Mod-]", run: indentMore }, { key: "Mod-[", run: indentLess },
          ])),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({
            "aria-label": say("問い合わせ文 (SPARQL)", "Query (SPARQL)"),
            "aria-multiline": "true",
            tabindex: "0",
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !this.quietly) events.changed(this.text);
            if (update.docChanged) this.fit();
          }),
        ],
      }),
    });
    this.fit();
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Show another text without telling that it changed. */
  show(text: string): void {
    this.quietly = true;
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
    this.quietly = false;
    this.clear();
  }

  /** Mark where a query is wrong, from there to the end of the word. Gives the repair, where one
   * is known. */
  mark(fault: Fault): Repair | null {
    const { doc } = this.view.state;
    const line = doc.line(Math.min(Math.max(fault.line, 1), doc.lines));
    // The server counts characters (code points); the editor counts UTF-16 units.
    const before = fault.column === null ? "" : [...line.text].slice(0, fault.column - 1).join("");
    const from = line.from + Math.min(before.length, line.length);
    const word = /^[\w:?$<@.\-\p{L}]+/u.exec(doc.sliceString(from, line.to))?.[0] ?? "";
    let [start, end] = [from, Math.min(from + Math.max(word.length, 1), line.to)];
    const repair = this.repairOf(word, start, fault);
    if (fault.column === null) [start, end] = [line.from, line.to];
    if (start === end && start > line.from) start -= 1;
    const actions = repair === null ? [] : [{ name: say("直す", "Repair"), apply: () => this.repair(repair) }];
    this.view.dispatch(
      setDiagnostics(this.view.state, [{ from: start, to: end, severity: "error", message: fault.message, actions }]),
      { selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) },
    );
    return repair;
  }

  private repairOf(word: string, from: number, { instead, replaces }: Fault): Repair | null {
    const declaration = missingPrefix(word, this.text, this.vocabulary());
    if (declaration !== null) {
      const name = declaration.trim();
      return { from: 0, to: 0, insert: declaration, name: say(`「${name}」を加えて実行する`, `Add “${name}” and run`) };
    }
    if (instead === null) return null;
    const rest = this.view.state.doc.sliceString(from);
    const to = from + [...rest.slice(0, 2 * replaces)].slice(0, replaces).join("").length;
    return { from, to, insert: instead, name: say(`「${instead}」に直して実行する`, `Change it to “${instead}” and run`) };
  }

  // As high as the query, until somebody drags the edge.
  private fit(): void {
    this.view.requestMeasure({
      key: this,
      read: (view) => (view.contentHeight + SPARE_PX) / view.defaultLineHeight,
      write: (lines, view) => {
        if (this.holder.style.height !== this.fitted) return;
        const shown = Math.min(Math.max(lines, FEWEST_LINES), MOST_LINES);
        this.holder.style.height = `${Math.round(shown * view.defaultLineHeight)}px`;
        this.fitted = this.holder.style.height;
      },
    });
  }

  /** Make a repair. */
  repair({ from, to, insert }: Repair): void {
    this.view.dispatch({ changes: { from, to, insert }, userEvent: "input.repair" });
    this.clear();
    this.focus();
  }

  clear(): void {
    this.view.dispatch(setDiagnostics(this.view.state, []));
  }

  focus(): void {
    this.view.focus();
  }
}
