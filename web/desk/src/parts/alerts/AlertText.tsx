import type { Alert } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { LevelMark } from "../monitor/LevelMark.tsx";
import { formatBound, formatValue } from "../monitor/units.ts";
import { useMetrics, useScopeName } from "../monitor/useMetrics.ts";

/** `Waiting 12 · threshold 10 · Service queue`: what an alert is about, in one line. */
export function useAlertWords(): (alert: Alert) => string {
  const { t } = useTranslation();
  const { byId, nameOf } = useMetrics();
  const scopeName = useScopeName();
  return (alert) => {
    const unit = byId.get(alert.metric)?.unit ?? "count";
    return t("alert.words", {
      metric: nameOf(alert.metric),
      value: formatValue(unit, alert.value),
      threshold: formatBound(unit, alert.threshold),
      scope: scopeName(alert.scope),
    });
  };
}

/** Level, name and what it is about. */
export function AlertText({ alert }: { alert: Alert }) {
  const words = useAlertWords()(alert);
  return (
    <span className="alert-text">
      <LevelMark level={alert.level} size={14} word />
      <span className="alert-words">
        <span className="alert-name">{label(alert.name)}</span>
        <span className="meta num">{words}</span>
      </span>
    </span>
  );
}
