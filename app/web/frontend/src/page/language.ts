// Words of the scripts in the language of the page.

export const language: "ja" | "en" = document.documentElement.lang === "en" ? "en" : "ja";

/** One of two sentences. */
export function say(ja: string, en: string): string {
  return language === "ja" ? ja : en;
}

const plain = new Intl.NumberFormat(language);

/** A number with thousands separated. */
export function number(value: number): string {
  return plain.format(value);
}
