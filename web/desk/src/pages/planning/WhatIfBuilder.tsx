/** What is different in the other world: callers, people, skills, queues, rules. */
import { useQuery } from "@tanstack/react-query";
import { users } from "@zhiyin/client/api";
import { Button, InputNumber, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../parts/Field.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { AddedRows } from "./AddedRows.tsx";
import { QueueRows } from "./QueueRows.tsx";
import { RuleRows } from "./RuleRows.tsx";
import { SkillRows } from "./SkillRows.tsx";
import type { Draft } from "./what-if.ts";

const TAKES_CALLS: readonly string[] = ["agent", "senior_agent", "supervisor"];

/** Those who take calls: user name and shown name. */
export function usePeople(): { value: string; label: string }[] {
  const query = useQuery({ queryKey: ["users"], queryFn: () => users.list() });
  const working = query.data?.items.filter(
    (one) => !one.disabled && one.roles.some((role) => TAKES_CALLS.includes(role)),
  );
  return working?.map((one) => ({ value: one.username, label: one.display_name })) ?? [];
}

/** A heading with rows below it, and a button that adds one. */
export function Section({
  title,
  hint,
  add,
  onAdd,
  ready = true,
  testid,
  children,
}: {
  title: string;
  hint?: string;
  add: string;
  onAdd: () => void;
  /** What a new row begins with is known. */
  ready?: boolean;
  testid: string;
  children: ReactNode;
}) {
  return (
    <section className="planning-section" aria-label={title}>
      <div className="row">
        <h3 className="grow">{title}</h3>
        <Button
          size="small"
          icon={<Icon name="plus" size={14} />}
          onClick={onAdd}
          disabled={!ready}
          data-testid={testid}
        >
          {add}
        </Button>
      </div>
      {hint ? <p className="meta">{hint}</p> : null}
      {children}
    </section>
  );
}

/** Rows have no name of their own: a number that is not used yet. */
export const nextId = (rows: readonly { id: number }[]) => Math.max(0, ...rows.map((row) => row.id)) + 1;

export function Remove({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <Button type="text" aria-label={t("common.remove")} icon={<Icon name="close" size={16} />} onClick={onClick} />
  );
}

export function WhatIfBuilder({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const { t } = useTranslation();
  const people = usePeople();
  return (
    <div className="planning-builder">
      <div className="planning-choice">
        <Field label={t("planning.arrivals")} id="what-if-arrivals">
          <InputNumber
            id="what-if-arrivals"
            value={draft.arrivals_percent}
            min={10}
            max={500}
            step={10}
            suffix="%"
            onChange={(arrivals_percent) => onChange({ ...draft, arrivals_percent })}
            style={{ width: 130 }}
            data-testid="arrivals"
          />
        </Field>
        <Field label={t("planning.removed")} id="what-if-removed">
          <Select
            id="what-if-removed"
            mode="multiple"
            maxTagCount="responsive"
            showSearch={{ optionFilterProp: "label" }}
            value={draft.removed}
            onChange={(removed) => onChange({ ...draft, removed })}
            options={people}
            placeholder={t("planning.nobody")}
            style={{ width: 320 }}
            data-testid="removed"
          />
        </Field>
      </div>
      <AddedRows rows={draft.added} onChange={(added) => onChange({ ...draft, added })} />
      <SkillRows rows={draft.skills} people={people} onChange={(skills) => onChange({ ...draft, skills })} />
      <QueueRows rows={draft.queues} onChange={(queues) => onChange({ ...draft, queues })} />
      <RuleRows
        off={draft.rules_off}
        rows={draft.rules}
        onOff={(rules_off) => onChange({ ...draft, rules_off })}
        onChange={(rules) => onChange({ ...draft, rules })}
      />
    </div>
  );
}
