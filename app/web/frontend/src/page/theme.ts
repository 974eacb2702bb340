// When the page turns light or dark: by the system, or by the switch (static/theme.js).

/** Call back at each turn. Gives a function that ends this. */
export function onThemeChange(turned: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(turned);
  system.addEventListener("change", turned);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    system.removeEventListener("change", turned);
    chosen.disconnect();
  };
}
