import type { AlertCondition, MetricScope } from "@zhiyin/client/model";
import { Form, InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { MetricSelect, ScopeSelect, WindowSelect } from "../../parts/monitor/controls.tsx";
import { firstWindow } from "../../parts/monitor/questions.ts";
import { useMetrics } from "../../parts/monitor/useMetrics.ts";
import { RemoveButton } from "../../parts/RemoveButton.tsx";
import { OptionalSeconds } from "./fields.tsx";
import { COMPARES, conditionFits, type RuleForm } from "./rule.ts";

/** As the rule says (each queue, each agent, the house), or about something named here. */
function OwnOrScope({
  value,
  onChange,
  id,
}: {
  id?: string;
  value?: MetricScope | null;
  onChange?: (v: MetricScope | null) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="stack-tight">
      <span className="row scope-own">
        <Switch
          size="small"
          checked={!value}
          onChange={(own) => onChange?.(own ? null : { of: "tenant" })}
          aria-label={t("alertRules.ownScope")}
        />
        <span className="meta">{t("alertRules.ownScope")}</span>
      </span>
      {value ? <ScopeSelect id={id} value={value} onChange={onChange} name={t("monitor.scope")} /> : null}
    </div>
  );
}

/** One number against one threshold. */
export function ConditionFields({ at, onRemove }: { at: number; onRemove?: () => void }) {
  const { t } = useTranslation();
  const { byId, nameOf } = useMetrics();
  const form = Form.useFormInstance<RuleForm>();
  const condition = Form.useWatch(["conditions", at]) as Partial<AlertCondition> | undefined;
  const each = (Form.useWatch("each") as RuleForm["each"] | undefined) ?? "none";
  const metric = condition?.metric ? byId.get(condition.metric) : undefined;
  const onMetric = (id: string) => {
    const next = byId.get(id);
    if (next && condition?.window && !next.windows.includes(condition.window))
      form.setFieldValue(["conditions", at, "window"], firstWindow(next));
  };
  const question = {
    validator: () => {
      const value = form.getFieldValue(["conditions", at]) as AlertCondition;
      const fine = byId.size === 0 || conditionFits(value, each, byId);
      return fine ? Promise.resolve() : Promise.reject(new Error(t("tileProblem.question")));
    },
  };
  const required = { required: true, message: t("config.required") };
  return (
    <div className="sub">
      <div className="sub-head">
        <h3 className="grow minor ellipsis">{condition?.metric ? nameOf(condition.metric) : ""}</h3>
        {onRemove ? <RemoveButton small onClick={onRemove} /> : null}
      </div>
      <Form.Item
        name={[at, "metric"]}
        label={t("monitor.metric")}
        rules={[required, question]}
        dependencies={[["conditions", at, "window"], ["conditions", at, "scope"], "each"]}
      >
        <MetricSelect onChange={onMetric} />
      </Form.Item>
      <div className="pair">
        <Form.Item name={[at, "window"]} label={t("monitor.window")}>
          <WindowSelect metric={condition?.metric} />
        </Form.Item>
        <Form.Item name={[at, "scope"]} label={t("monitor.scope")}>
          <OwnOrScope />
        </Form.Item>
        <Form.Item name={[at, "compare"]} label={t("alertRules.compare")}>
          <Select options={COMPARES.map((value) => ({ value, label: t(`compare.${value}`) }))} />
        </Form.Item>
        <Form.Item name={[at, "threshold"]} label={t("alertRules.threshold")} rules={[required]}>
          <InputNumber suffix={metric ? t(`unit.${metric.unit}`) : undefined} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name={[at, "for_ms"]} label={t("alertRules.for")} extra={t("alertRules.forHint")}>
          <OptionalSeconds />
        </Form.Item>
        <Form.Item name={[at, "n_min"]} label={t("thresholds.nMin")} extra={t("alertRules.nMinHint")}>
          <InputNumber min={0} precision={0} style={{ width: "100%" }} />
        </Form.Item>
      </div>
    </div>
  );
}
