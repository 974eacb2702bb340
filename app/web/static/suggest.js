// Suggestions while typing, in the browser's own list. Searching works without.
const PAUSE_MS = 150;

for (const input of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-suggestions`;
  input.after(list);
  input.setAttribute("list", list.id);
  let timer = 0;
  let asked = "";
  let running = new AbortController();

  const show = async () => {
    const text = input.value.trim();
    if (text === asked) return;
    asked = text;
    running.abort();
    running = new AbortController();
    if (!text) return list.replaceChildren();
    try {
      const language = document.documentElement.lang;
      const address = `${input.dataset.suggest}?${new URLSearchParams({ q: text, lang: language })}`;
      const answer = await fetch(address, { signal: running.signal });
      if (!answer.ok) return;
      const [, names] = await answer.json();
      list.replaceChildren(
        ...[...new Set(names)].map((name) => Object.assign(document.createElement("option"), { value: name })),
      );
    } catch {
      // Another letter was typed, or the network failed: the next answer will do.
    }
  };

  input.addEventListener("input", (event) => {
    // An input method still composes kana and kanji.
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE_MS);
  });
  input.addEventListener("compositionend", show);
}
