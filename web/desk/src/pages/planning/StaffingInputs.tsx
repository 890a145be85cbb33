import type { PlanningHistory } from "@zhiyin/client/model";
import { Button, InputNumber, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { Field } from "../../parts/Field.tsx";
import { defaults, type Inputs } from "./staffing.ts";

type Numbers = Exclude<keyof Inputs, "simulate">;
interface Spec {
  name: Numbers;
  min: number;
  max: number;
  step?: number;
  unit: "s" | "%" | "";
  hint?: boolean;
}

const FIELDS: readonly Spec[] = [
  { name: "calls_percent", min: 10, max: 500, step: 5, unit: "%", hint: true },
  { name: "aht_s", min: 1, max: 36_000, step: 5, unit: "s", hint: true },
  { name: "patience_s", min: 1, max: 36_000, step: 10, unit: "s", hint: true },
  { name: "level_percent", min: 0, max: 99.9, unit: "%" },
  { name: "threshold_s", min: 0, max: 3600, unit: "s" },
  { name: "occupancy_percent", min: 1, max: 100, unit: "%", hint: true },
  { name: "shrinkage_percent", min: 0, max: 95, unit: "%", hint: true },
  { name: "concurrency", min: 1, max: 50, step: 0.5, unit: "", hint: true },
];

export function StaffingInputs({
  history,
  inputs,
  onChange,
}: {
  history: PlanningHistory;
  inputs: Inputs;
  onChange: (inputs: Inputs) => void;
}) {
  const { t } = useTranslation();
  return (
    <section className="planning-inputs" aria-label={t("planning.inputs")}>
      {FIELDS.map(({ name, min, max, step, unit, hint }) => (
        <Field
          key={name}
          id={`planning-${name}`}
          label={t(`planning.input.${name}`)}
          hint={hint ? t(`planning.inputHint.${name}`) : undefined}
        >
          <InputNumber
            id={`planning-${name}`}
            value={inputs[name]}
            min={min}
            max={max}
            step={step ?? 1}
            suffix={unit}
            onChange={(value) => onChange({ ...inputs, [name]: value })}
            style={{ width: "100%" }}
            data-testid={`input-${name}`}
          />
        </Field>
      ))}
      <div className="row">
        <Switch
          id="planning-simulate"
          checked={inputs.simulate}
          disabled={(inputs.concurrency ?? 1) !== 1}
          onChange={(simulate) => onChange({ ...inputs, simulate })}
          data-testid="input-simulate"
        />
        <label htmlFor="planning-simulate">{t("planning.simulate")}</label>
      </div>
      <p className="meta">{t("planning.simulateHint")}</p>
      <Button onClick={() => onChange(defaults(history))}>{t("planning.reset")}</Button>
    </section>
  );
}
