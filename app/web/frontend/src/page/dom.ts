// Elements are made here and nowhere else from text: never from markup, so that no value of the
// data can become an element.

export type Child = Node | string | number | null | undefined | false;

type Attributes = Record<string, string | number | boolean | null | undefined | EventListener>;

/** An element with attributes (`onclick` and the like take a function) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...present(children));
  return element;
}

/** Replace what an element holds. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...present(children));
}

/** A field with options (value and words) that calls back when another is chosen. */
export function select(options: [string, string][], chosen: string, change: (value: string) => void): HTMLSelectElement {
  const element = h("select", {}, ...options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
  element.addEventListener("change", () => change(element.value));
  return element;
}

/** An address that may be followed from a page, or null: `javascript:` and others are text. */
export function safeHref(iri: string): string | null {
  return /^(https?:\/\/|mailto:|tel:)/i.test(iri) ? iri : null;
}

function present(children: Child[]): (Node | string)[] {
  return children.flatMap((child) =>
    child === null || child === undefined || child === false
      ? []
      : [typeof child === "number" ? String(child) : child],
  );
}
