// Charts by ECharts, with only the parts that are used. This file is loaded when a chart or a
// graph is first wanted.

import { BarChart, GraphChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, DataZoomComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { h } from "../page/dom";
import { number } from "../page/language";
import { onThemeChange } from "../page/theme";
import type { ChartChoice } from "./guess";

use([BarChart, GraphChart, LineChart, PieChart, AriaComponent, DataZoomComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export interface Series {
  names: string[];
  columns: { name: string; values: (number | null)[] }[];
}

export interface GraphData {
  nodes: { id: string; name: string; degree: number; text: boolean }[];
  edges: { source: string; target: string; name: string }[];
}

interface Palette {
  ink: string;
  quiet: string;
  line: string;
  raised: string;
  series: string[];
}

type Options = Record<string, unknown>;

const MOST_BARS_AT_ONCE = 60;

/** Draw a chart. Gives a function that takes it away again. */
export function drawChart(holder: HTMLElement, choice: ChartChoice, series: Series, title: string): () => void {
  return mount(holder, (colours) => option(choice, series, colours, title));
}

/** Draw statements as nodes and arrows. */
export function drawGraph(holder: HTMLElement, graph: GraphData, title: string): () => void {
  return mount(holder, (colours) => graphOption(graph, colours, title));
}

function mount(holder: HTMLElement, make: (colours: Palette) => Options): () => void {
  const chart: ECharts = init(holder);
  const draw = (): void => {
    chart.setOption(make(palette(holder)), true);
  };
  draw();
  const sizes = new ResizeObserver(() => chart.resize());
  sizes.observe(holder);
  const forget = onThemeChange(draw);
  return () => {
    sizes.disconnect();
    forget();
    chart.dispose();
  };
}

function palette(holder: HTMLElement): Palette {
  // A canvas needs the colour that a variable comes to in the present look.
  const probe = h("span", { hidden: true });
  holder.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const found = {
    ink: colour("--ink"),
    quiet: colour("--quiet"),
    line: colour("--line"),
    raised: colour("--raised"),
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((index) => colour(`--chart-${index}`)),
  };
  probe.remove();
  return found;
}

function common(colours: Palette, title: string): Options {
  return {
    color: colours.series,
    textStyle: { color: colours.ink, fontFamily: "inherit" },
    aria: { enabled: true, label: { description: title } },
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 400,
    tooltip: {
      // Drawn on the canvas: the other way writes style attributes, which our policy forbids.
      renderMode: "richText",
      backgroundColor: colours.raised,
      borderColor: colours.line,
      textStyle: { color: colours.ink },
      valueFormatter: (value: unknown) => (typeof value === "number" ? number(Math.abs(value)) : String(value ?? "")),
      confine: true,
    },
  };
}

function option({ kind }: ChartChoice, { names, columns }: Series, colours: Palette, title: string): Options {
  const basis = common(colours, title);
  if (kind === "pie") {
    const values = columns[0]?.values ?? [];
    return {
      ...basis,
      tooltip: { ...(basis as { tooltip: object }).tooltip, trigger: "item" },
      series: [{
        type: "pie",
        radius: ["38%", "72%"],
        itemStyle: { borderColor: colours.raised, borderWidth: 2, borderRadius: 4 },
        label: { color: colours.ink, formatter: "{b}  {d}%" },
        data: names.map((name, index) => ({ name, value: values[index] })),
      }],
    };
  }
  const lying = kind === "pyramid" || (kind === "bar" && names.length > 12);
  const pyramid = kind === "pyramid";
  const names_ = { type: "category", data: names, inverse: lying && !pyramid, axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false }, axisLabel: { color: colours.ink, hideOverlap: true } };
  const values_ = {
    type: "value",
    splitLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.quiet, formatter: (value: number) => number(Math.abs(value)) },
  };
  return {
    ...basis,
    grid: { left: 12, right: lying ? 34 : 20, top: columns.length > 1 ? 40 : 16, bottom: 12, containLabel: true },
    tooltip: { ...(basis as { tooltip: object }).tooltip, trigger: "axis", axisPointer: { type: kind === "line" ? "line" : "shadow" } },
    ...(columns.length > 1 ? { legend: { textStyle: { color: colours.ink }, top: 0 } } : {}),
    ...(lying ? { xAxis: values_, yAxis: names_ } : { xAxis: names_, yAxis: values_ }),
    ...(names.length > MOST_BARS_AT_ONCE ? { dataZoom: [{ type: "inside", [lying ? "yAxisIndex" : "xAxisIndex"]: 0, startValue: 0, endValue: MOST_BARS_AT_ONCE }] } : {}),
    series: columns.slice(0, pyramid ? 2 : 8).map((column, index) => ({
      name: column.name,
      type: kind === "line" ? "line" : "bar",
      ...(pyramid ? { stack: "both", barCategoryGap: "12%" } : { barCategoryGap: "28%" }),
      itemStyle: { borderRadius: lying ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      smooth: false,
      symbolSize: 6,
      data: column.values.map((value) => (pyramid && index === 0 && value !== null ? -value : value)),
    })),
  };
}

function graphOption({ nodes, edges }: GraphData, colours: Palette, title: string): Options {
  return {
    ...common(colours, title),
    series: [{
      type: "graph",
      layout: "force",
      roam: true,
      draggable: true,
      force: { repulsion: 260, edgeLength: [60, 150], gravity: 0.08 },
      edgeSymbol: ["none", "arrow"],
      edgeSymbolSize: 7,
      label: { show: true, position: "right", color: colours.ink, fontSize: 11, width: 160, overflow: "truncate" },
      edgeLabel: { show: edges.length <= 80, formatter: "{c}", color: colours.quiet, fontSize: 10 },
      lineStyle: { color: colours.quiet, opacity: 0.5, curveness: 0.08 },
      emphasis: { focus: "adjacency" },
      data: nodes.map((node) => ({
        id: node.id,
        name: node.name,
        symbol: node.text ? "roundRect" : "circle",
        symbolSize: node.text ? [10, 8] : 12 + 4 * Math.sqrt(node.degree),
        itemStyle: { color: node.text ? colours.series[1] : colours.series[0] },
      })),
      links: edges.map((edge) => ({ source: edge.source, target: edge.target, value: edge.name })),
    }],
  };
}
