import type { RoutingRuleBody } from "@zhiyin/client/model";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { DIGITS } from "./digits.ts";
import { NumberField, type Path, QueueField, SecondsField, SwitchField } from "./fields.tsx";

const PRIORITY_MAX = 255;

export const BLANK_RULE: Required<RoutingRuleBody> = {
  key: "",
  name: { zh: "", en: "" },
  when: { vip: true, tag: null, company: null, number: null, menu_digit: null },
  priority: 0,
  needs: null,
  prefer_last_agent_ms: null,
  queue: null,
  enabled: true,
};

/** An empty field asks for nothing and changes nothing. */
export function ruleBody(values: RoutingRuleBody): RoutingRuleBody {
  const when: Partial<NonNullable<RoutingRuleBody["when"]>> = values.when ?? {};
  return {
    key: values.key,
    name: values.name,
    when: {
      vip: when.vip ?? null,
      tag: when.tag || null,
      company: when.company || null,
      number: when.number || null,
      menu_digit: when.menu_digit || null,
    },
    priority: values.priority ?? 0,
    needs: values.needs || null,
    prefer_last_agent_ms: values.prefer_last_agent_ms || null,
    queue: values.queue || null,
    enabled: values.enabled ?? true,
  };
}

function When({ name }: { name: Path }) {
  const { t } = useTranslation();
  return (
    <>
      <h3 className="minor">{t("rule.when")}</h3>
      <div className="pair">
        <Form.Item name={[...name, "when", "vip"]} label={t("rule.vip")}>
          <Select
            allowClear
            options={[
              { value: true, label: t("rule.isVip") },
              { value: false, label: t("rule.noVip") },
            ]}
          />
        </Form.Item>
        <Form.Item name={[...name, "when", "tag"]} label={t("rule.tag")}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name={[...name, "when", "company"]} label={t("rule.company")}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item
          name={[...name, "when", "number"]}
          label={t("rule.number")}
          rules={[{ pattern: /^[0-9*#+]{1,32}$/, message: t("numbers.numberRule") }]}
        >
          <Input />
        </Form.Item>
        <Form.Item name={[...name, "when", "menu_digit"]} label={t("rule.menuDigit")}>
          <Select allowClear options={DIGITS.map((digit) => ({ value: digit, label: digit }))} />
        </Form.Item>
      </div>
    </>
  );
}

/** Whom a rule concerns and what it changes; `name` is the path of the rule in its form. */
export function RuleFields({ name }: { name: Path }) {
  const { t } = useTranslation();
  return (
    <>
      <When name={name} />
      <h3 className="minor">{t("rule.then")}</h3>
      <div className="pair">
        <NumberField name={[...name, "priority"]} text={t("rule.priority")} max={PRIORITY_MAX} />
        <SecondsField
          name={[...name, "prefer_last_agent_ms"]}
          text={t("rule.preferLastAgent")}
          hint={t("rule.preferLastAgentHint")}
        />
      </div>
      <Form.Item name={[...name, "needs"]} label={t("routing.needs")} extra={t("routing.needsHint")}>
        <Input placeholder="english >= 3" />
      </Form.Item>
      <QueueField name={[...name, "queue"]} text={t("rule.queue")} hint={t("rule.queueHint")} optional />
      <SwitchField name={[...name, "enabled"]} text={t("config.enabled")} />
    </>
  );
}
