import { Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { nextId, Remove, Section } from "./WhatIfBuilder.tsx";
import type { AddedRow } from "./what-if.ts";

/** Agents who were not there. */
export function AddedRows({ rows, onChange }: { rows: AddedRow[]; onChange: (rows: AddedRow[]) => void }) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  const set = (id: number, change: Partial<AddedRow>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...change } : row)));
  const blank: AddedRow = {
    id: nextId(rows),
    count: 1,
    queues: queues.slice(0, 1).map((one) => one.key),
    level: 1,
    from_h: 9,
    to_h: 18,
    skill: "",
    skill_level: null,
  };
  return (
    <Section
      title={t("planning.added")}
      add={t("planning.addAgents")}
      onAdd={() => onChange([...rows, blank])}
      ready={queues.length > 0}
      testid="add-agents"
    >
      {rows.map((row) => (
        <div key={row.id} className="planning-row" data-testid="added-row">
          <InputNumber
            value={row.count}
            status={row.count ? undefined : "error"}
            min={1}
            max={1000}
            precision={0}
            prefix={t("planning.people")}
            aria-label={t("planning.people")}
            onChange={(count) => set(row.id, { count })}
            style={{ width: 120 }}
            data-testid="added-count"
          />
          <Select
            mode="multiple"
            maxTagCount="responsive"
            value={row.queues}
            onChange={(chosen) => set(row.id, { queues: chosen })}
            options={queues.map((one) => ({ value: one.key, label: label(one.name) }))}
            aria-label={t("planning.queues")}
            placeholder={t("planning.queues")}
            status={row.queues.length === 0 ? "error" : undefined}
            style={{ width: 220 }}
          />
          <InputNumber
            value={row.level}
            min={1}
            max={9}
            precision={0}
            prefix={t("planning.memberLevel")}
            aria-label={t("planning.memberLevel")}
            onChange={(level) => set(row.id, { level })}
            style={{ width: 110 }}
          />
          <InputNumber
            value={row.from_h}
            min={0}
            max={24}
            step={0.5}
            prefix={t("planning.from")}
            aria-label={t("planning.from")}
            onChange={(from_h) => set(row.id, { from_h })}
            style={{ width: 110 }}
          />
          <InputNumber
            value={row.to_h}
            min={0}
            max={24}
            step={0.5}
            prefix={t("planning.to")}
            aria-label={t("planning.to")}
            onChange={(to_h) => set(row.id, { to_h })}
            style={{ width: 110 }}
          />
          <Input
            value={row.skill}
            placeholder={t("people.skill")}
            aria-label={t("people.skill")}
            onChange={(event) => set(row.id, { skill: event.target.value.trim().toLowerCase() })}
            style={{ width: 120 }}
          />
          <InputNumber
            value={row.skill_level}
            min={1}
            max={10}
            precision={0}
            placeholder={t("people.skillLevel")}
            aria-label={t("people.skillLevel")}
            onChange={(skill_level) => set(row.id, { skill_level })}
            style={{ width: 90 }}
          />
          <Remove onClick={() => onChange(rows.filter((other) => other.id !== row.id))} />
        </div>
      ))}
    </Section>
  );
}
