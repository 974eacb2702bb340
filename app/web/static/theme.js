// Light or dark: as the system says, until the reader presses the switch; the choice is kept in
// this browser. Runs before the page is drawn, so that it never shows the other look first.
(() => {
  const KEY = "tsunagu.theme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

  const show = (choice) => {
    if (choice === "dark" || choice === "light") root.dataset.theme = choice;
    else delete root.dataset.theme;
    document.getElementById("theme")?.setAttribute("aria-pressed", String(dark()));
  };

  const kept = (change) => {
    try {
      return change(localStorage);
    } catch {
      return null; // a browser that keeps nothing: the choice lasts as long as the page
    }
  };

  show(kept((storage) => storage.getItem(KEY)));
  addEventListener("storage", (event) => event.key === KEY && show(event.newValue));
  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    if (!button) return;
    show(root.dataset.theme);
    system.addEventListener("change", () => show(root.dataset.theme));
    button.addEventListener("click", () => {
      const wanted = dark() ? "light" : "dark";
      // Back to what the system says is no choice: the page follows the system again.
      const choice = wanted === (system.matches ? "dark" : "light") ? null : wanted;
      kept((storage) => (choice ? storage.setItem(KEY, choice) : storage.removeItem(KEY)));
      show(choice);
    });
  });
})();
