// How editors of code look and take text: the query editor, and the stewards' editor of mappings.

import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--code-variable)" },
  { tag: tags.number, color: "var(--code-text)" },
  { tag: tags.atom, color: "var(--code-term)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: tags.comment, color: "var(--quiet)" },
  { tag: tags.meta, color: "var(--code-term)" },
  { tag: tags.standard(tags.variableName), color: "var(--code-keyword)" },
]);

export const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--raised)", fontSize: "0.875rem", height: "100%" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.65", overflow: "auto" },
  ".cm-content": { padding: "0.7rem 0", caretColor: "var(--accent)" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-gutters": { color: "var(--quiet)", backgroundColor: "transparent", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { paddingLeft: "0.8rem" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--soft) 70%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 26%, transparent)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-soft)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  ".cm-tooltip": {
    color: "var(--ink)", backgroundColor: "var(--raised)", border: "1px solid var(--line)",
    borderRadius: "8px", boxShadow: "0 4px 18px rgb(0 0 0 / .18)", overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "0.82rem", maxHeight: "18rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.15rem 0.7rem", display: "flex", gap: "0.8rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--on-accent)", backgroundColor: "var(--accent)" },
  ".cm-completionDetail": { marginLeft: "auto", fontStyle: "normal", fontFamily: "var(--sans)", opacity: "0.85" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-diagnostic": { padding: "0.5rem 0.8rem", fontFamily: "var(--sans)", fontSize: "0.88rem", whiteSpace: "pre-line" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--alarm)" },
  ".cm-lintRange-error": {
    backgroundImage: "none", textDecoration: "underline wavy var(--alarm)", textUnderlineOffset: "0.25em",
    backgroundColor: "var(--alarm-soft)",
  },
  ".cm-hint": { padding: "0.4rem 0.8rem", fontFamily: "var(--sans)", fontSize: "0.86rem", lineHeight: "1.6", maxWidth: "32rem", overflowWrap: "anywhere" },
  ".cm-hint small": { color: "var(--quiet)", fontFamily: "var(--mono)", fontSize: "0.74rem" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--soft)" },
  ".cm-foldPlaceholder": { color: "var(--quiet)", backgroundColor: "var(--soft)", borderColor: "var(--line)" },
});

// Typing over a selection: Chromium keeps the look of the old text by a style attribute, which
// the policy refuses with an error in the console. So the text is put in by the editor itself.
export const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    if (event.inputType !== "insertText" || event.isComposing || event.data === null || empty) return false;
    const typed = event.data;
    const insert = () => view.state.update(view.state.replaceSelection(typed), { userEvent: "input.type" });
    const handled = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, typed, insert));
    if (!handled) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});
