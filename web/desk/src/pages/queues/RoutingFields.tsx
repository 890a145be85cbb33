import { Form, Input, Select, Space } from "antd";
import { useTranslation } from "react-i18next";
import {
  KeyField,
  LabelFields,
  NumberField,
  QueueField,
  Seconds,
  SecondsField,
  SwitchField,
} from "../../parts/config/fields.tsx";
import { QuotaFields } from "../../parts/config/QuotaFields.tsx";
import { RowList } from "../../parts/config/RowList.tsx";
import { BLANK_RULE, RuleFields } from "../../parts/config/RuleFields.tsx";

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
/** Stands above any wait. */
export const PRIORITY_ALWAYS_MS = 1_000_000_000;
const PRIORITY_FIRST_MS = 60_000;
const NEEDS_EXAMPLE = "english >= 3 & (billing >= 2 | vip)";

/** What is given up the longer somebody waits. */
function Relaxation() {
  const { t } = useTranslation();
  return (
    <RowList
      name={["routing", "relax"]}
      max={STEPS_MAX}
      add={t("routing.addStep")}
      blank={() => ({ after_ms: 30_000, own_needs: false })}
      head={(row) => <h3>{t("routing.step", { count: row + 1 })}</h3>}
    >
      {(row) => (
        <>
          <div className="pair">
            <SecondsField name={[row, "after_ms"]} text={t("routing.after")} />
            <NumberField name={[row, "level_max"]} text={t("routing.levelMax")} min={1} max={LEVEL_MAX} />
          </div>
          <Form.Item name={[row, "needs"]} label={t("routing.needsThen")} extra={t("routing.needsThenHint")}>
            <Input placeholder="english" />
          </Form.Item>
          <SwitchField name={[row, "own_needs"]} text={t("routing.ownNeeds")} />
        </>
      )}
    </RowList>
  );
}

/** Other queues whose idle agents help out. */
function Lenders() {
  const { t } = useTranslation();
  return (
    <RowList
      name={["routing", "borrow"]}
      max={STEPS_MAX}
      add={t("routing.addLender")}
      blank={() => ({ after_ms: 30_000, service_level_min: 80 })}
      head={() => <h3>{t("routing.lender")}</h3>}
    >
      {(row) => (
        <>
          <QueueField name={[row, "from"]} text={t("routing.from")} />
          <div className="pair">
            <SecondsField name={[row, "after_ms"]} text={t("routing.after")} />
            <NumberField
              name={[row, "service_level_min"]}
              text={t("routing.serviceLevelMin")}
              hint={t("routing.serviceLevelMinHint")}
              max={100}
            />
          </div>
        </>
      )}
    </RowList>
  );
}

/** Whom this queue treats otherwise. */
function Rules() {
  const { t } = useTranslation();
  return (
    <RowList
      name={["routing", "rules"]}
      max={RULES_MAX}
      add={t("routingRules.add")}
      blank={() => BLANK_RULE}
      head={(row) => <h3>{t("rule.rule", { count: row + 1 })}</h3>}
      testId="add-rule"
    >
      {(row) => (
        <>
          <KeyField isNew name={[row, "key"]} />
          <LabelFields name={[row, "name"]} text={t("config.name")} />
          <RuleFields name={[row]} />
        </>
      )}
    </RowList>
  );
}

/** What a level of priority is worth: a wait, or so much that no wait outweighs it. */
function Worth({ id, value = 0, onChange }: { id?: string; value?: number; onChange?: (ms: number) => void }) {
  const { t } = useTranslation();
  const always = value >= PRIORITY_ALWAYS_MS;
  return (
    <Space.Compact block>
      <Select
        id={id}
        value={always}
        onChange={(chosen) => onChange?.(chosen ? PRIORITY_ALWAYS_MS : PRIORITY_FIRST_MS)}
        options={[
          { value: true, label: t("routing.priorityAlways") },
          { value: false, label: t("routing.priorityWait") },
        ]}
      />
      {always ? null : <Seconds value={value} onChange={onChange} min={0} name={t("routing.priority")} />}
    </Space.Compact>
  );
}

function PriorityField() {
  const { t } = useTranslation();
  return (
    <Form.Item name={["routing", "priority_ms"]} label={t("routing.priority")} extra={t("routing.priorityHint")}>
      <Worth />
    </Form.Item>
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
          <PriorityField />
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
          <SecondsField name={["routing", "resume_ms"]} text={t("routing.resume")} hint={t("routing.resumeHint")} />
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
