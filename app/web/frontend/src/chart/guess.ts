// Which columns of a table make a chart, and of which kind.

import type { Show } from "../page/config";
import { numeric, type Table } from "../rdf/terms";

export type ChartKind = "bar" | "line" | "pie" | "pyramid";

export interface ChartChoice {
  kind: ChartKind;
  /** The column of the names along the axis. */
  category: string;
  /** The columns of numbers; for a pyramid the first two face each other. */
  values: string[];
}

/** Columns whose every value is a number. */
export function numericColumns(table: Table): string[] {
  return table.variables.filter((name) => {
    const values = table.rows.map((row) => row[name]).filter((term) => term !== undefined);
    return values.length > 0 && values.every((term) => numeric(term) !== null);
  });
}

/** A chart of the table, or null when there is no column of numbers. `show` is what the saved
 * query says. */
export function guess(table: Table, show: Show = {}): ChartChoice | null {
  const numbers = numericColumns(table).filter((name) => !/^(lat|long?|lng|latitude|longitude|緯度|経度)$/i.test(name) && !name.startsWith("_"));
  const asked = show.chart;
  const y = (asked?.["y"] ?? "").split(/[\s,]+/).filter((name) => numbers.includes(name));
  const values = y.length > 0 ? y : numbers.slice(0, 1);
  const texts = table.variables.filter((name) => !numbers.includes(name));
  const category = asked?.["x"] ?? texts.find((name) => table.rows[0]?.[name]?.type === "literal") ?? texts[0] ?? table.variables[0];
  if (values.length === 0 || category === undefined || table.rows.length === 0) return null;
  return { kind: kindOf(asked?.["type"], table, category), category, values };
}

function kindOf(asked: string | undefined, table: Table, category: string): ChartKind {
  if (asked === "bar" || asked === "line" || asked === "pie" || asked === "pyramid") return asked;
  const dated = table.rows.every((row) => /^\d{4}(-\d{2}(-\d{2})?)?$/.test(row[category]?.value ?? ""));
  return dated && table.rows.length > 2 ? "line" : "bar";
}
