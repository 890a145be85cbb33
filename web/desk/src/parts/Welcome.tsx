import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale, setLocale } from "../i18n/index.ts";
import "./welcome.css";

/** The frame of the pages before sign-in. */
export function Welcome({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <main className="welcome">
      <div className="welcome-card">
        <div className="row welcome-brand">
          <img src="/favicon.svg" alt="" width={36} height={36} />
          <span className="welcome-name">{t("app.name")}</span>
        </div>
        <h1>{title}</h1>
        {text ? <p className="welcome-text">{text}</p> : null}
        {children}
      </div>
      <button
        type="button"
        className="plain welcome-language"
        onClick={() => setLocale(currentLocale() === "en" ? "zh-CN" : "en")}
      >
        {t("user.otherLanguage")}
      </button>
    </main>
  );
}
