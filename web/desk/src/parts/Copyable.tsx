import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "./Icon.tsx";

const CONFIRM_MS = 1500;

/** A short code or id that copies itself when clicked. */
export function Copyable({ text, shown, className = "" }: { text: string; shown?: string; className?: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard?.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), CONFIRM_MS);
    });
  };
  return (
    <button
      type="button"
      className={`plain copyable ${className}`}
      onClick={copy}
      title={`${t("common.copy")}: ${text}`}
    >
      <code>{shown ?? text}</code>
      <Icon name={copied ? "check" : "copy"} size={14} />
      <span className="visually-hidden" aria-live="polite">
        {copied ? t("common.copied") : ""}
      </span>
    </button>
  );
}
