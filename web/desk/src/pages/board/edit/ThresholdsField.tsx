import type { Thresholds } from "@zhiyin/client/model";
import { InputNumber, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { Field } from "../../../parts/Field.tsx";
import { LevelMark } from "../../../parts/monitor/LevelMark.tsx";
import { badIsAbove } from "../../../parts/monitor/level.ts";
import { formatBound } from "../../../parts/monitor/units.ts";
import { useMetrics } from "../../../parts/monitor/useMetrics.ts";
import { thresholdsFor } from "../draft.ts";

/** The three colours with their borders, in the order of the number. */
function Preview({ metric, value }: { metric: string; value: Thresholds }) {
  const { byId } = useMetrics();
  const { unit, better } = byId.get(metric) ?? { unit: "count" as const, better: "neither" as const };
  const above = badIsAbove(value, better);
  const levels = above ? (["ok", "warn", "critical"] as const) : (["critical", "warn", "ok"] as const);
  const [first, second] = above ? [value.warn, value.critical] : [value.critical, value.warn];
  return (
    <div className="scale-preview num">
      {levels.map((level, at) => (
        <span key={level} className={`scale-part scale-${level}`}>
          <LevelMark level={level} word />
          {at > 0 ? (
            <span className="scale-bound">
              {above ? ">" : "≥"} {formatBound(unit, at === 1 ? first : second)}
            </span>
          ) : null}
        </span>
      ))}
    </div>
  );
}

/** When a number becomes a warning and when critical; off: it has no colour. */
export function ThresholdsField({
  id,
  metric,
  value,
  onChange,
}: {
  id: string;
  metric: string;
  value: Thresholds | null;
  onChange: (value: Thresholds | null) => void;
}) {
  const { t } = useTranslation();
  const { byId } = useMetrics();
  const known = byId.get(metric);
  const unit = known ? t(`unit.${known.unit}`) : "";
  const number = (
    name: keyof Thresholds,
    label: string,
    limits: { min?: number; max?: number; step?: number } = {},
  ) => (
    <Field id={`${id}-${name}`} label={label}>
      <InputNumber
        id={`${id}-${name}`}
        value={value && Number.isFinite(value[name]) ? value[name] : null}
        onChange={(next) => value && onChange({ ...value, [name]: next ?? Number.NaN })}
        style={{ width: "100%" }}
        {...limits}
      />
    </Field>
  );
  return (
    <div className="stack">
      <div className="row">
        <Switch
          id={`${id}-on`}
          checked={value !== null}
          onChange={(on) => onChange(on ? thresholdsFor(known) : null)}
          data-testid={`${id}-on`}
        />
        <label htmlFor={`${id}-on`}>{t("thresholds.title")}</label>
      </div>
      {value ? (
        <>
          <div className="pair">
            {number("warn", t("thresholds.warn", { unit }))}
            {number("critical", t("thresholds.critical", { unit }))}
            {number("n_min", t("thresholds.nMin"), { min: 0 })}
            {number("clear_ratio", t("thresholds.clearRatio"), { min: 0.05, max: 1, step: 0.05 })}
          </div>
          <Preview metric={metric} value={value} />
          <p className="meta">{t("thresholds.hint")}</p>
        </>
      ) : null}
    </div>
  );
}
