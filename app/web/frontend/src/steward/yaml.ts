// Colours for YAML as mappings are written: keys, references to columns, prefixed names, comments.

import type { StreamParser } from "@codemirror/language";

export const yaml: StreamParser<{ quote: string }> = {
  name: "yaml",
  startState: () => ({ quote: "" }),
  token(stream, state) {
    if (stream.match(/\$\([^()]*\)?/)) return "variableName";
    if (state.quote !== "") {
      if (stream.eat(state.quote)) state.quote = "";
      else if (!stream.match(/^[^"'$\\]+/)) stream.match(/^\\./) || stream.next();
      return "string";
    }
    if (stream.sol() || /\s/.test(stream.string.charAt(stream.pos - 1))) {
      if (stream.match(/#.*/)) return "comment";
    }
    if (stream.match(/^["']/)) {
      state.quote = stream.current();
      return "string";
    }
    if (stream.match(/^[^\s:[\]{},"'#$]+(?=:(\s|$))/)) return "keyword";
    if (stream.match(/^[\w-]+:[^\s[\]{},"']+/)) return "atom";
    if (stream.match(/^-?\d+(\.\d+)?(?=[\s,\]}]|$)/)) return "number";
    stream.next();
    stream.match(/^[^\s:[\]{},"'#$]+/);
    return null;
  },
  languageData: { commentTokens: { line: "#" } },
};
