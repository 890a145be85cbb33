import { Button, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { LabelFields, NumberField, QueueField, SecondsField, SwitchField } from "../../parts/config/fields.tsx";
import { QuotaFields } from "../../parts/config/QuotaFields.tsx";
import { BLANK_RULE, RuleFields } from "../../parts/config/RuleFields.tsx";
import { Icon } from "../../parts/Icon.tsx";

export const STRATEGIES = [
  "longest_idle",
  "round_robin",
  "fewest_calls",
  "least_recent",
  "least_talk_time",
  "best_skill",
  "top_down",
  "random",
  "weighted_random",
  "ring_all",
  "ring_progressively",
] as const;

const LEVEL_MAX = 9;
const STEPS_MAX = 8;
const NO_ANSWER_MAX = 10;
const RULES_MAX = 20;
const NEEDS_EXAMPLE = "english >= 3 & (billing >= 2 | vip)";

function RemoveButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <Button type="text" aria-label={t("common.remove")} icon={<Icon name="close" size={16} />} onClick={onClick} />
  );
}

/** What is given up the longer somebody waits. */
function Relaxation() {
  const { t } = useTranslation();
  return (
    <Form.List name={["routing", "relax"]}>
      {(rows, { add, remove }) => (
        <>
          {rows.map((row) => (
            <div key={row.key} className="sub">
              <div className="sub-head">
                <h3 className="grow minor">{t("routing.step", { count: row.name + 1 })}</h3>
                <RemoveButton onClick={() => remove(row.name)} />
              </div>
              <div className="pair">
                <SecondsField name={[row.name, "after_ms"]} text={t("routing.after")} />
                <NumberField name={[row.name, "level_max"]} text={t("routing.levelMax")} min={1} max={LEVEL_MAX} />
              </div>
              <Form.Item name={[row.name, "needs"]} label={t("routing.needsThen")} extra={t("routing.needsThenHint")}>
                <Input placeholder="english" />
              </Form.Item>
              <SwitchField name={[row.name, "own_needs"]} text={t("routing.ownNeeds")} />
            </div>
          ))}
          {rows.length < STEPS_MAX ? (
            <Button
              icon={<Icon name="plus" size={16} />}
              onClick={() => add({ after_ms: 30_000, own_needs: false })}
              style={{ marginBottom: 16 }}
            >
              {t("routing.addStep")}
            </Button>
          ) : null}
        </>
      )}
    </Form.List>
  );
}

/** Other queues whose idle agents help out. */
function Lenders() {
  const { t } = useTranslation();
  return (
    <Form.List name={["routing", "borrow"]}>
      {(rows, { add, remove }) => (
        <>
          {rows.map((row) => (
            <div key={row.key} className="sub">
              <div className="sub-head">
                <h3 className="grow minor">{t("routing.lender")}</h3>
                <RemoveButton onClick={() => remove(row.name)} />
              </div>
              <QueueField name={[row.name, "from"]} text={t("routing.from")} />
              <div className="pair">
                <SecondsField name={[row.name, "after_ms"]} text={t("routing.after")} />
                <NumberField
                  name={[row.name, "service_level_min"]}
                  text={t("routing.serviceLevelMin")}
                  hint={t("routing.serviceLevelMinHint")}
                  max={100}
                />
              </div>
            </div>
          ))}
          {rows.length < STEPS_MAX ? (
            <Button
              icon={<Icon name="plus" size={16} />}
              onClick={() => add({ after_ms: 30_000, service_level_min: 80 })}
              style={{ marginBottom: 16 }}
            >
              {t("routing.addLender")}
            </Button>
          ) : null}
        </>
      )}
    </Form.List>
  );
}

/** Whom this queue treats otherwise. */
function Rules() {
  const { t } = useTranslation();
  return (
    <Form.List name={["routing", "rules"]}>
      {(rows, { add, remove }) => (
        <>
          {rows.map((row) => (
            <div key={row.key} className="sub">
              <div className="sub-head">
                <h3 className="grow minor">{t("rule.rule", { count: row.name + 1 })}</h3>
                <RemoveButton onClick={() => remove(row.name)} />
              </div>
              <Form.Item
                name={[row.name, "key"]}
                label={t("config.key")}
                rules={[{ required: true, pattern: /^[a-z0-9_-]{1,40}$/, message: t("config.keyRule") }]}
              >
                <Input />
              </Form.Item>
              <LabelFields name={[row.name, "name"]} text={t("codes.name")} />
              <RuleFields name={[row.name]} />
            </div>
          ))}
          {rows.length < RULES_MAX ? (
            <Button
              icon={<Icon name="plus" size={16} />}
              onClick={() => add(BLANK_RULE)}
              style={{ marginBottom: 16 }}
              data-testid="add-rule"
            >
              {t("routingRules.add")}
            </Button>
          ) : null}
        </>
      )}
    </Form.List>
  );
}

export function RoutingFields() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="strategy" label={t("routing.strategy")}>
        <Select
          options={STRATEGIES.map((value) => ({ value, label: t(`strategy.${value}`) }))}
          data-testid="queue-strategy"
        />
      </Form.Item>
      <details className="sub" data-testid="routing-more">
        <summary>{t("routing.more")}</summary>
        <Form.Item name={["routing", "needs"]} label={t("routing.needs")} extra={t("routing.needsHint")}>
          <Input placeholder={NEEDS_EXAMPLE} />
        </Form.Item>
        <div className="pair">
          <NumberField
            name={["routing", "level_max"]}
            text={t("routing.levelMax")}
            hint={t("routing.levelMaxHint")}
            min={1}
            max={LEVEL_MAX}
          />
          <SecondsField
            name={["routing", "priority_ms"]}
            text={t("routing.priority")}
            hint={t("routing.priorityHint")}
          />
          <NumberField name={["routing", "weight"]} text={t("routing.weight")} hint={t("routing.weightHint")} min={1} />
          <SecondsField
            name={["routing", "preferred_wait_ms"]}
            text={t("routing.preferred")}
            hint={t("routing.preferredHint")}
          />
          <SecondsField name={["routing", "ring_next_ms"]} text={t("routing.ringNext")} min={1} />
          <NumberField
            name={["routing", "no_answer_max"]}
            text={t("routing.noAnswer")}
            hint={t("routing.noAnswerHint")}
            min={1}
            max={NO_ANSWER_MAX}
          />
          <SecondsField name={["routing", "no_agent_ms"]} text={t("routing.noAgent")} hint={t("routing.noAgentHint")} />
          <NumberField
            name={["routing", "waiting_percent_max"]}
            text={t("routing.ratio")}
            hint={t("routing.ratioHint")}
          />
        </div>
        <h2 className="minor">{t("routing.relax")}</h2>
        <Relaxation />
        <h2 className="minor">{t("routing.borrow")}</h2>
        <Lenders />
        <h2 className="minor">{t("routingRules.title")}</h2>
        <Rules />
        <h2 className="minor">{t("quota.title")}</h2>
        <QuotaFields name={["routing", "breaks"]} />
      </details>
    </>
  );
}
