/** Words of the interface, one language loaded at a time. zh-CN is the source; en is complete (checked by `npm run i18n`). */
import type { Label, Locale } from "@zhiyin/client/model";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";

const KEY = "zhiyin.locale";

export function initialLocale(): Locale {
  const saved = localStorage.getItem(KEY);
  if (saved === "zh-CN" || saved === "en") return saved;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

export function setLocale(locale: Locale): void {
  localStorage.setItem(KEY, locale);
  document.documentElement.lang = locale;
  void load(locale).then(() => {
    // Somebody who chooses twice gets the last choice, whichever came first over the wire.
    if (document.documentElement.lang === locale) void i18next.changeLanguage(locale);
  });
}

const WORDS = { "zh-CN": () => import("./zh-CN.json"), en: () => import("./en.json") };

async function load(locale: Locale): Promise<void> {
  if (i18next.hasResourceBundle(locale, "translation")) return;
  i18next.addResourceBundle(locale, "translation", (await WORDS[locale]()).default);
}

export function currentLocale(): Locale {
  return i18next.language === "en" ? "en" : "zh-CN";
}

/** A configured text in the language of the page, or in the other one when it is empty. */
export function label(text: Label | null | undefined): string {
  if (!text) return "";
  return currentLocale() === "en" ? text.en || text.zh : text.zh || text.en;
}

export async function startI18n(): Promise<void> {
  const locale = initialLocale();
  document.documentElement.lang = locale;
  await i18next.use(initReactI18next).init({
    lng: locale,
    resources: { [locale]: { translation: (await WORDS[locale]()).default } },
    interpolation: { escapeValue: false },
  });
}
