/** How the queue's numbers are counted: what its service level means, and which abandons are short. */
import type { QueueBody } from "@zhiyin/client/model";
import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { NumberField, SwitchField } from "../../parts/config/fields.tsx";

type Measure = NonNullable<QueueBody["measure"]>;

const VARIANTS = ["sl1", "sl2", "sl3", "sl4", "sl5", "genesys"] as const;
const SHORT_MAX_S = 600;

export const MEASURE: Measure = {
  service_level: "sl1",
  short_abandon_s: 5,
  include_abandons: true,
  include_short_abandons: false,
  include_flow_outs: false,
};

export function MeasureFields() {
  const { t } = useTranslation();
  return (
    <details className="sub" data-testid="measure-more">
      <summary>{t("measure.more")}</summary>
      <Form.Item
        name={["measure", "service_level"]}
        label={t("measure.serviceLevel")}
        extra={t("measure.serviceLevelHint")}
      >
        <Select
          options={VARIANTS.map((value) => ({ value, label: t(`measure.variant.${value}`) }))}
          data-testid="measure-variant"
        />
      </Form.Item>
      <NumberField
        name={["measure", "short_abandon_s"]}
        text={t("measure.shortAbandon")}
        hint={t("measure.shortAbandonHint")}
        min={0}
        max={SHORT_MAX_S}
      />
      <h2 className="minor">{t("measure.genesys")}</h2>
      <SwitchField name={["measure", "include_abandons"]} text={t("measure.includeAbandons")} />
      <SwitchField name={["measure", "include_short_abandons"]} text={t("measure.includeShort")} />
      <SwitchField name={["measure", "include_flow_outs"]} text={t("measure.includeFlowOuts")} />
    </details>
  );
}
