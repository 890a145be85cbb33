import type { TileLevel } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import "./monitor.css";

export const LEVEL_TONE: Record<TileLevel, string> = {
  ok: "tone-ok",
  warn: "tone-warn",
  critical: "tone-alert",
  no_data: "tone-off",
};

function Shape({ level }: { level: TileLevel }) {
  switch (level) {
    case "ok":
      return <circle cx="6" cy="6" r="4.6" fill="currentColor" />;
    case "warn":
      return <path d="M6 .9 11.6 11H.4Z" fill="currentColor" />;
    case "critical":
      return (
        <>
          <path d="M3.700.4h4.600L11.600 3.700v4.600L8.300 11.600H3.700L.4 8.300V3.700Z" fill="currentColor" />
          <path
            d="M6 2.800v3.800M6 8.600v.6"
            stroke="var(--paper)"
            strokeWidth="1.6"
            fill="none"
            strokeLinecap="round"
          />
        </>
      );
    case "no_data":
      return <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="2 2" />;
  }
}

/** A level as shape and colour; with `word` also as a word, without it for screen readers only. */
export function LevelMark({ level, size = 12, word = false }: { level: TileLevel; size?: number; word?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={`level-mark ${LEVEL_TONE[level]}`}>
      <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" style={{ flex: "none" }}>
        <Shape level={level} />
      </svg>
      <span className={word ? "" : "visually-hidden"}>{t(`level.${level}`)}</span>
    </span>
  );
}
