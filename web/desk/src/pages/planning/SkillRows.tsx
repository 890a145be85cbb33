import { Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { nextId, Remove, Section } from "./WhatIfBuilder.tsx";
import type { SkillRow } from "./what-if.ts";

/** What somebody who was there could do, otherwise. */
export function SkillRows({
  rows,
  people,
  onChange,
}: {
  rows: SkillRow[];
  people: { value: string; label: string }[];
  onChange: (rows: SkillRow[]) => void;
}) {
  const { t } = useTranslation();
  const set = (id: number, change: Partial<SkillRow>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...change } : row)));
  return (
    <Section
      title={t("planning.skills")}
      hint={rows.length > 0 ? t("planning.skillsHint") : undefined}
      add={t("people.addSkill")}
      onAdd={() => onChange([...rows, { id: nextId(rows), username: "", skill: "", level: 5 }])}
      testid="add-skill"
    >
      {rows.map((row) => (
        <div key={row.id} className="planning-row">
          <Select
            showSearch={{ optionFilterProp: "label" }}
            value={row.username || null}
            status={row.username ? undefined : "error"}
            onChange={(username) => set(row.id, { username: username ?? "" })}
            options={people}
            placeholder={t("planning.agent")}
            aria-label={t("planning.agent")}
            style={{ width: 220 }}
          />
          <Input
            value={row.skill}
            status={row.skill ? undefined : "error"}
            placeholder={t("people.skill")}
            aria-label={t("people.skill")}
            onChange={(event) => set(row.id, { skill: event.target.value.trim().toLowerCase() })}
            style={{ width: 160 }}
          />
          <InputNumber
            value={row.level}
            status={row.level === null ? "error" : undefined}
            min={0}
            max={10}
            precision={0}
            prefix={t("people.skillLevel")}
            aria-label={t("people.skillLevel")}
            onChange={(level) => set(row.id, { level })}
            style={{ width: 120 }}
          />
          <Remove onClick={() => onChange(rows.filter((other) => other.id !== row.id))} />
        </div>
      ))}
    </Section>
  );
}
