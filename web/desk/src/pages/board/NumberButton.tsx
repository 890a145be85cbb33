import type { MetricQuestion, MetricValue, TileLevel } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { LEVEL_TONE } from "../../parts/monitor/LevelMark.tsx";
import { formatValue } from "../../parts/monitor/units.ts";
import { useMetrics, useScopeName } from "../../parts/monitor/useMetrics.ts";
import type { Ask } from "./TileView.tsx";

const NARROW_CHARS = 5;

/** A number that opens what it was counted from; hovering says out of how many. */
export function NumberButton({
  question,
  value,
  level,
  ask,
  className = "",
}: {
  question: MetricQuestion;
  value: MetricValue | null;
  level: TileLevel;
  ask?: Ask;
  className?: string;
}) {
  const { t } = useTranslation();
  const { byId, nameOf } = useMetrics();
  const scopeName = useScopeName();
  const { metric, scope, window } = question;
  const unit = byId.get(metric)?.unit ?? "count";
  const text = formatValue(unit, value?.value);
  const wide = unit === "seconds" || text.length > NARROW_CHARS ? "is-wide" : "";
  const tone = level === "ok" ? "" : LEVEL_TONE[level];
  const sample = value ? t("board.sample", { n: value.n }) : t("board.noData");
  if (!ask) return <span className={`num ${className} ${wide} ${tone}`}>{text}</span>;
  return (
    <button
      type="button"
      className={`plain num number-button ${className} ${wide} ${tone}`}
      title={sample}
      aria-label={t("board.openNumber", { metric: nameOf(metric), scope: scopeName(scope), value: text })}
      onClick={() => ask({ metric, scope, window })}
      data-testid="number"
    >
      {text}
    </button>
  );
}
