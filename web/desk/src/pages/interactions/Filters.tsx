import type { InteractionQuery } from "@zhiyin/client/api";
import type { Outcome } from "@zhiyin/client/model";
import { Button, DatePicker, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { useDirectory, useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";

const OUTCOMES: readonly Outcome[] = [
  "handled",
  "abandoned",
  "left_in_entry",
  "self_served",
  "overflowed",
  "callback_booked",
  "not_reached",
  "failed",
  "lost",
];

/** The list's query from the page's address; `ownOnly` for people who see no others' contacts anyway. */
export function queryOf(search: URLSearchParams, ownOnly: boolean): InteractionQuery {
  const text = (name: string) => search.get(name) ?? undefined;
  const instant = (name: string) => Number(search.get(name)) || undefined;
  return {
    agent: text("agent") ?? (ownOnly ? "me" : undefined),
    queue: text("queue"),
    customer: text("customer"),
    outcome: OUTCOMES.find((one) => one === search.get("outcome")),
    from: instant("from"),
    to: instant("to"),
  };
}

export function Filters({ search, onChange }: { search: URLSearchParams; onChange: (next: URLSearchParams) => void }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const { agents, queues } = useDirectory();
  const set = (changes: Record<string, string | null | undefined>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    onChange(next);
  };
  const instant = (name: string) => {
    const value = Number(search.get(name));
    return value > 0 ? dayjs(value / 1000) : null;
  };
  const select = (name: "agent" | "queue" | "outcome", options: { value: string; label: string }[]) => (
    <Select
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      value={search.get(name)}
      placeholder={t(`interactions.${name === "outcome" ? "result" : name}`)}
      aria-label={t(`interactions.${name === "outcome" ? "result" : name}`)}
      options={options}
      onChange={(value) => set({ [name]: value })}
      style={{ width: 140 }}
      data-testid={`filter-${name}`}
    />
  );
  return (
    <div className="row">
      {can("live.view") || can("customer.reveal")
        ? select("agent", [
            { value: "me", label: t("interactions.mine") },
            ...agents.map((one) => ({ value: one.id, label: one.display_name })),
          ])
        : null}
      {select(
        "queue",
        queues.map((one) => ({ value: one.id, label: label(one.name) })),
      )}
      {select(
        "outcome",
        OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) })),
      )}
      <DatePicker.RangePicker
        value={[instant("from"), instant("to")]}
        aria-label={t("interactions.time")}
        onChange={(dates) =>
          set({
            from: dates?.[0] ? String(dates[0].startOf("day").valueOf() * 1000) : null,
            to: dates?.[1] ? String(dates[1].endOf("day").valueOf() * 1000) : null,
          })
        }
        style={{ width: 230 }}
      />
      {search.size > 0 ? (
        <Button type="text" onClick={() => onChange(new URLSearchParams())}>
          {t("common.clear")}
        </Button>
      ) : null}
    </div>
  );
}
