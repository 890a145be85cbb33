import { Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { STRATEGIES } from "../queues/RoutingFields.tsx";
import { nextId, Remove, Section } from "./WhatIfBuilder.tsx";
import type { QueueRow } from "./what-if.ts";

/** Queues that work otherwise; an empty field stays as it was. */
export function QueueRows({ rows, onChange }: { rows: QueueRow[]; onChange: (rows: QueueRow[]) => void }) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  const options = queues.map((one) => ({ value: one.key, label: label(one.name) }));
  const set = (id: number, change: Partial<QueueRow>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...change } : row)));
  const percent = (row: QueueRow, name: "handling_percent" | "wrap_up_percent", words: string) => (
    <InputNumber
      value={row[name]}
      min={10}
      max={500}
      step={5}
      prefix={words}
      suffix="%"
      aria-label={words}
      onChange={(value) => set(row.id, { [name]: value })}
      style={{ width: 170 }}
    />
  );
  const blank = (): QueueRow => ({
    id: nextId(rows),
    queue: queues.find((one) => !rows.some((row) => row.queue === one.key))?.key ?? "",
    strategy: null,
    handling_percent: null,
    wrap_up_percent: null,
    priority: null,
    needs: "",
    overflow: null,
  });
  return (
    <Section
      title={t("planning.queueChanges")}
      hint={rows.length > 0 ? t("planning.queueChangesHint") : undefined}
      add={t("planning.changeQueue")}
      onAdd={() => onChange([...rows, blank()])}
      ready={queues.length > 0}
      testid="change-queue"
    >
      {rows.map((row) => (
        <div key={row.id} className="planning-row">
          <Select
            value={row.queue || null}
            status={row.queue ? undefined : "error"}
            onChange={(queue) => set(row.id, { queue: queue ?? "" })}
            options={options}
            placeholder={t("planning.queue")}
            aria-label={t("planning.queue")}
            style={{ width: 160 }}
          />
          <Select
            allowClear
            value={row.strategy ?? null}
            onChange={(strategy) => set(row.id, { strategy: strategy ?? null })}
            options={STRATEGIES.map((value) => ({ value, label: t(`strategy.${value}`) }))}
            placeholder={t("routing.strategy")}
            aria-label={t("routing.strategy")}
            style={{ width: 170 }}
          />
          {percent(row, "handling_percent", t("planning.handling"))}
          {percent(row, "wrap_up_percent", t("planning.wrapUp"))}
          <InputNumber
            value={row.priority}
            min={0}
            max={255}
            precision={0}
            prefix={t("planning.priority")}
            aria-label={t("planning.priority")}
            onChange={(priority) => set(row.id, { priority })}
            style={{ width: 140 }}
          />
          <Input
            value={row.needs}
            placeholder={t("routing.needs")}
            aria-label={t("routing.needs")}
            onChange={(event) => set(row.id, { needs: event.target.value })}
            style={{ width: 180 }}
          />
          <Select
            allowClear
            value={row.overflow}
            onChange={(overflow) => set(row.id, { overflow: overflow ?? null })}
            options={options.filter((one) => one.value !== row.queue)}
            placeholder={t("planning.overflowTo")}
            aria-label={t("planning.overflowTo")}
            style={{ width: 170 }}
          />
          <Remove onClick={() => onChange(rows.filter((other) => other.id !== row.id))} />
        </div>
      ))}
    </Section>
  );
}
