/** Customers who did not want to wait: who is to be called back, when, and what came of it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { callbacks } from "@zhiyin/client/api";
import type { Callback } from "@zhiyin/client/model";
import { App, Button, Segmented, Select, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useDirectory, useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { More } from "../../parts/More.tsx";
import { problemWords } from "../../parts/problem.ts";
import { exactTime, shortTime } from "../../parts/time.ts";
import { useCursorList } from "../../parts/useCursorList.ts";
import { Empty, Failed, Loading } from "../../parts/Views.tsx";
import { NewCallback } from "./NewCallback.tsx";
import { useFreshWithLine } from "./useFreshWithLine.ts";

const PAGE = 50;

const TONE: Record<Callback["state"], [string, string]> = {
  requested: ["◌", "tone-off"],
  waiting: ["●", "tone-warn"],
  calling: ["▶", "tone-ok"],
  retry_at: ["↻", "tone-warn"],
  done: ["✓", "tone-ok"],
  cancelled: ["○", "tone-off"],
};

function State({ row }: { row: Callback }) {
  const { t } = useTranslation();
  const failed = row.state === "done" && row.outcome !== "reached";
  const [mark, tone] = failed ? ["▲", "tone-alert"] : TONE[row.state];
  return (
    <span className="row" style={{ gap: 6 }}>
      <span className={tone} aria-hidden="true">
        {mark}
      </span>
      {row.outcome ? t(`callbacks.outcomes.${row.outcome}`) : t(`callbacks.states.${row.state}`)}
    </span>
  );
}

function useColumns(over: boolean, cancel: (row: Callback) => void): TableColumnsType<Callback> {
  const { t } = useTranslation();
  const { can } = useSession();
  const { queues } = useDirectory();
  const queueName = (id: string) => label(queues.find((one) => one.id === id)?.name);
  const when = (at: number | null | undefined) =>
    at ? <span title={exactTime(at)}>{shortTime(at)}</span> : <span className="meta">–</span>;
  const columns: TableColumnsType<Callback> = [
    { title: t("callbacks.state"), width: 150, render: (_, row) => <State row={row} /> },
    { title: t("callbacks.number"), width: 150, render: (_, row) => <span className="num">{row.number}</span> },
    { title: t("callbacks.queue"), render: (_, row) => queueName(row.queue) },
    {
      title: t("callbacks.since"),
      width: 170,
      render: (_, row) => (
        <span className="num">
          {shortTime(row.since)} {over ? null : <Elapsed since={row.since} />}
        </span>
      ),
    },
    { title: t("callbacks.mode"), width: 120, render: (_, row) => t(`callbacks.modes.${row.mode}`) },
    {
      title: t("callbacks.tries"),
      width: 110,
      align: "right",
      render: (_, row) => <span className="num">{t("callbacks.triesOf", row)}</span>,
    },
    {
      title: t("callbacks.source"),
      width: 130,
      render: (_, row) =>
        row.asked_in ? (
          <Link to={`/interactions/${row.asked_in}`}>{t("callbacks.byCall")}</Link>
        ) : (
          t("callbacks.byHand")
        ),
    },
  ];
  if (over) return columns;
  columns.push(
    { title: t("callbacks.next"), width: 120, render: (_, row) => <span className="num">{when(row.at)}</span> },
    {
      title: t("callbacks.expires"),
      width: 120,
      render: (_, row) => <span className="num">{when(row.expires_at)}</span>,
    },
  );
  if (can("callback.write"))
    columns.push({
      title: <span className="visually-hidden">{t("callbacks.actions")}</span>,
      width: 100,
      align: "right",
      render: (_, row) => (
        <Button size="small" onClick={() => cancel(row)} data-testid="cancel-callback">
          {t("callbacks.cancel")}
        </Button>
      ),
    });
  return columns;
}

function useCancel() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { modal, message } = App.useApp();
  const run = useMutation({
    mutationFn: (id: string) => callbacks.cancel(id),
    onSettled: () => client.invalidateQueries({ queryKey: ["callbacks"] }),
    onError: (error) => message.error(problemWords(t, error)),
  });
  return (row: Callback) =>
    modal.confirm({
      title: t("callbacks.cancelTitle"),
      content: t("callbacks.cancelText"),
      okText: t("callbacks.cancel"),
      cancelText: t("common.close"),
      okButtonProps: { danger: true },
      onOk: () => run.mutateAsync(row.id),
    });
}

export function Component() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { queues } = useDirectory();
  const [search, setSearch] = useSearchParams();
  const [adding, setAdding] = useState(false);
  const over = search.get("stage") === "over";
  const queue = search.get("queue") ?? undefined;
  const list = useCursorList(["callbacks", over, queue], (cursor) =>
    callbacks.list({ stage: over ? "over" : "open", queue, cursor: cursor ?? undefined, limit: PAGE }),
  );
  useFreshWithLine();
  const columns = useColumns(over, useCancel());
  const change = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const add = can("callback.write") ? (
    <Button type="primary" icon={<Icon name="plus" size={16} />} onClick={() => setAdding(true)} data-testid="add">
      {t("callbacks.new")}
    </Button>
  ) : null;
  const empty = !list.isPending && !list.error && list.items.length === 0;
  return (
    <div className="page">
      <header className="page-head">
        <div className="grow">
          <h1>{t("callbacks.title")}</h1>
          <p className="lead meta">{t("callbacks.hint")}</p>
        </div>
        <Select
          allowClear
          value={queue}
          onChange={(value) => change("queue", value)}
          placeholder={t("callbacks.allQueues")}
          aria-label={t("callbacks.queue")}
          options={queues.map((one) => ({ value: one.id, label: label(one.name) }))}
          style={{ width: 180 }}
        />
        <Segmented
          value={over ? "over" : "open"}
          onChange={(value) => change("stage", value === "over" ? "over" : undefined)}
          options={[
            { value: "open", label: t("callbacks.open") },
            { value: "over", label: t("callbacks.over") },
          ]}
        />
        {empty && !over ? null : add}
      </header>
      {list.isPending ? <Loading lines={8} /> : null}
      {list.error ? <Failed error={list.error} retry={list.retry} /> : null}
      {empty && !over ? (
        <Empty icon="callback" title={t("callbacks.none")} text={t("callbacks.noneText")}>
          {add}
        </Empty>
      ) : null}
      {empty && over ? <p className="meta">{t("callbacks.noneOver")}</p> : null}
      {list.items.length > 0 ? (
        <>
          <Table<Callback>
            size="small"
            rowKey={(row) => row.id}
            columns={columns}
            dataSource={list.items}
            pagination={false}
            onRow={(row) => ({ "data-testid": "callback-row", "data-state": row.state }) as object}
          />
          <More list={list} />
        </>
      ) : null}
      <NewCallback open={adding} onClose={() => setAdding(false)} />
    </div>
  );
}
