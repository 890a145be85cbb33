import { useQuery } from "@tanstack/react-query";
import { queues as queuesApi, routingRules } from "@zhiyin/client/api";
import { Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { DIGITS } from "../../parts/config/digits.ts";
import { Field } from "../../parts/Field.tsx";
import { nextId, Remove, Section } from "./WhatIfBuilder.tsx";
import { asksForValue, isIdle, lacksValue, RULE_WHENS, type RuleRow, type RuleWhen } from "./what-if.ts";

const WORDS: Record<RuleWhen, string> = {
  everybody: "rule.everybody",
  vip: "rule.vip",
  tag: "rule.tag",
  company: "rule.company",
  number: "rule.number",
  menu_digit: "rule.menuDigit",
};
/** As the server has it. */
const LEN_MAX: Partial<Record<RuleWhen, number>> = { tag: 40, company: 200, number: 32 };

/** Those that hold now: for all queues by `key`, a queue's own by `queue.key`. */
function useRulesNow(): { value: string; label: string }[] {
  const common = useQuery({ queryKey: [routingRules.name], queryFn: () => routingRules.list() });
  const queues = useQuery({ queryKey: [queuesApi.name], queryFn: () => queuesApi.list() });
  const holding = <T extends { enabled?: boolean }>(rules: T[] | undefined) =>
    (rules ?? []).filter((rule) => rule.enabled !== false);
  return [
    ...holding(common.data?.items).map((rule) => ({ value: rule.key, label: label(rule.name) })),
    ...(queues.data?.items ?? []).flatMap((queue) =>
      holding(queue.routing?.rules).map((rule) => ({
        value: `${queue.key}.${rule.key}`,
        label: `${label(queue.name)} · ${label(rule.name)}`,
      })),
    ),
  ];
}

/** Whom the rule concerns. */
function When({ row, onChange }: { row: RuleRow; onChange: (change: Partial<RuleRow>) => void }) {
  const { t } = useTranslation();
  const words = t(WORDS[row.when]);
  const status = lacksValue(row) ? "error" : undefined;
  return (
    <>
      <Select
        value={row.when}
        onChange={(when) => onChange({ when, value: "" })}
        options={RULE_WHENS.map((value) => ({ value, label: t(WORDS[value]) }))}
        aria-label={t("rule.when")}
        style={{ width: 150 }}
        data-testid="rule-when"
      />
      {row.when === "menu_digit" ? (
        <Select
          value={row.value || null}
          status={status}
          onChange={(value) => onChange({ value: value ?? "" })}
          options={DIGITS.map((digit) => ({ value: digit, label: digit }))}
          placeholder={words}
          aria-label={words}
          style={{ width: 160 }}
        />
      ) : asksForValue(row.when) ? (
        <Input
          value={row.value}
          status={status}
          maxLength={LEN_MAX[row.when]}
          placeholder={words}
          aria-label={words}
          onChange={({ target }) =>
            // A number is often pasted with blanks and dashes in it; what is dialled has none.
            onChange({ value: row.when === "number" ? target.value.replace(/[^0-9*#+]/g, "") : target.value })
          }
          style={{ width: 160 }}
        />
      ) : null}
    </>
  );
}

/** What it changes for them; one of the three is enough. */
function Then({ row, onChange }: { row: RuleRow; onChange: (change: Partial<RuleRow>) => void }) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  const status = isIdle(row) ? "error" : undefined;
  return (
    <>
      <InputNumber
        value={row.priority}
        status={status}
        min={0}
        max={255}
        precision={0}
        prefix={t("planning.priority")}
        aria-label={t("planning.priority")}
        onChange={(priority) => onChange({ priority })}
        style={{ width: 140 }}
        data-testid="rule-priority"
      />
      <Input
        value={row.needs}
        status={status}
        maxLength={500}
        placeholder={t("routing.needs")}
        aria-label={t("routing.needs")}
        onChange={(event) => onChange({ needs: event.target.value })}
        style={{ width: 180 }}
      />
      <Select
        allowClear
        value={row.queue}
        status={status}
        onChange={(queue) => onChange({ queue: queue ?? null })}
        options={queues.map((one) => ({ value: one.key, label: label(one.name) }))}
        placeholder={t("rule.queue")}
        aria-label={t("rule.queue")}
        style={{ width: 170 }}
      />
    </>
  );
}

/** Rules that no longer hold, and new ones for all queues. */
export function RuleRows({
  off,
  rows,
  onOff,
  onChange,
}: {
  off: string[];
  rows: RuleRow[];
  onOff: (off: string[]) => void;
  onChange: (rows: RuleRow[]) => void;
}) {
  const { t } = useTranslation();
  const now = useRulesNow();
  const set = (id: number, change: Partial<RuleRow>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...change } : row)));
  const blank: RuleRow = { id: nextId(rows), when: "everybody", value: "", priority: null, needs: "", queue: null };
  return (
    <Section
      title={t("planning.rules")}
      hint={rows.length > 0 ? t("routingRules.lead") : undefined}
      add={t("routingRules.add")}
      onAdd={() => onChange([...rows, blank])}
      testid="add-rule"
    >
      {now.length > 0 || off.length > 0 ? (
        <div className="planning-choice">
          <Field label={t("planning.rulesOff")} id="what-if-rules-off">
            <Select
              id="what-if-rules-off"
              mode="multiple"
              maxTagCount="responsive"
              showSearch={{ optionFilterProp: "label" }}
              value={off}
              onChange={onOff}
              options={now}
              placeholder={t("config.none")}
              style={{ width: 320 }}
              data-testid="rules-off"
            />
          </Field>
        </div>
      ) : null}
      {rows.map((row) => (
        <div key={row.id} className="planning-row" data-testid="rule-row">
          <When row={row} onChange={(change) => set(row.id, change)} />
          <Then row={row} onChange={(change) => set(row.id, change)} />
          <Remove onClick={() => onChange(rows.filter((other) => other.id !== row.id))} />
        </div>
      ))}
    </Section>
  );
}
