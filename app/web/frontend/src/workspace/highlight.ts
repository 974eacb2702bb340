// SPARQL for the editor, after the grammar's terminals (https://www.w3.org/TR/sparql11-query/#grammar).
// The mode that CodeMirror brings takes ASCII for the letters of names; ours are often Japanese.

import type { StreamParser, StringStream } from "@codemirror/language";

interface State {
  /** The quotation mark of a text that is not closed yet. */
  open: string | null;
  depth: number;
}

const KEYWORDS = new Set(
  ("base prefix select distinct reduced construct describe ask from named where order limit offset filter " +
    "optional graph by asc desc as having undef values group minus union in not service silent exists bind " +
    "true false a")
    .split(" "),
);
const FUNCTIONS = new Set(
  ("str lang langmatches datatype bound sameterm isiri isuri iri uri bnode count sum min max avg sample " +
    "group_concat separator rand abs ceil floor round concat substr strlen replace ucase lcase encode_for_uri contains " +
    "strstarts strends strbefore strafter year month day hours minutes seconds timezone tz now uuid struuid " +
    "md5 sha1 sha256 sha384 sha512 coalesce if strlang strdt isnumeric regex isblank isliteral")
    .split(" "),
);

const IRI = /^<[^<>"{}|^`\\\s]*>/;
const NAME = /^[\p{L}][\p{L}\p{N}_.\-]*:(?:[\p{L}\p{N}_:\-.%]|\\.)*|^:(?:[\p{L}\p{N}_:\-.%]|\\.)*/u;
const VARIABLE = /^[?$][\p{L}\p{N}_]+/u;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;

export const sparql: StreamParser<State> = {
  name: "sparql",
  startState: () => ({ open: null, depth: 0 }),
  token(stream, state) {
    if (state.open !== null) return text(stream, state, state.open);
    if (stream.eatSpace()) return null;
    const long = stream.match(/^("""|''')/);
    if (long) return text(stream, state, stream.current());
    const mark = stream.peek() ?? "";
    if (mark === '"' || mark === "'") {
      stream.next();
      return text(stream, state, mark);
    }
    if (mark === "#") {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match(VARIABLE)) return "variableName";
    if (stream.match(IRI) || stream.match(NAME)) return "atom";
    if (stream.match(/^@[a-zA-Z]+(-[a-zA-Z0-9]+)*/) || stream.match(/^_:[\p{L}\p{N}_.\-]+/u)) return "meta";
    if (stream.match(NUMBER)) return "number";
    if (stream.match(/^[A-Za-z_]\w*/)) {
      const word = stream.current().toLowerCase();
      if (KEYWORDS.has(word)) return "keyword";
      return FUNCTIONS.has(word) ? "variableName.standard" : null;
    }
    stream.next();
    if ("{([".includes(mark)) state.depth += 1;
    if ("})]".includes(mark)) state.depth = Math.max(0, state.depth - 1);
    return "{}()[],.;".includes(mark) ? "bracket" : "operator";
  },
  indent(state, after, context) {
    const closes = /^\s*[})\]]/.test(after);
    return Math.max(0, state.depth - (closes ? 1 : 0)) * context.unit;
  },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"'] } },
};

function text(stream: StringStream, state: State, mark: string): string {
  state.open = mark.length === 3 ? mark : null;
  while (!stream.eol()) {
    if (stream.match(mark)) {
      state.open = null;
      break;
    }
    if (stream.next() === "\\") stream.next();
  }
  return "string";
}
