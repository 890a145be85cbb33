import { interactions } from "@zhiyin/client/api";
import type { Interaction } from "@zhiyin/client/model";
import { Table, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { DIRECTION_ICON } from "../../parts/call/names.ts";
import { Icon } from "../../parts/Icon.tsx";
import { OUTCOME_TONE, useResultWords } from "../../parts/InteractionLine.tsx";
import { More } from "../../parts/More.tsx";
import { clock, exactTime, shortTime } from "../../parts/time.ts";
import { useCursorList } from "../../parts/useCursorList.ts";
import { Empty, Failed, Loading } from "../../parts/Views.tsx";
import { Filters, queryOf } from "./Filters.tsx";

function useColumns(): TableColumnsType<Interaction> {
  const { t } = useTranslation();
  const words = useResultWords();
  const duration = (ms: number) => <span className="num">{ms > 0 ? clock(ms) : "–"}</span>;
  return [
    {
      title: t("interactions.started"),
      width: 130,
      render: (_, row) => (
        <span className="num" title={exactTime(row.started_at)}>
          {shortTime(row.started_at)}
        </span>
      ),
    },
    {
      title: t("interactions.direction"),
      width: 110,
      render: (_, row) => (
        <span className="row" style={{ gap: 6 }}>
          <Icon name={DIRECTION_ICON[row.direction]} size={16} />
          {t(`direction.${row.direction}`)}
        </span>
      ),
    },
    {
      title: t("interactions.customer"),
      ellipsis: true,
      render: (_, row) => row.customer_name || t("interactions.unknown"),
    },
    { title: t("interactions.remote"), width: 150, render: (_, row) => <span className="num">{row.remote}</span> },
    { title: t("interactions.queue"), ellipsis: true, render: (_, row) => label(row.queue_name) || "–" },
    { title: t("interactions.agent"), ellipsis: true, render: (_, row) => row.agent_name || "–" },
    {
      title: t("interactions.result"),
      ellipsis: true,
      render: (_, row) => (
        <span className="row" style={{ gap: 6 }}>
          <span className={row.outcome ? OUTCOME_TONE[row.outcome] : "tone-live"} aria-hidden="true">
            ●
          </span>
          <span className="ellipsis">{words(row)}</span>
        </span>
      ),
    },
    { title: t("interactions.wait"), width: 80, align: "right", render: (_, row) => duration(row.wait_ms) },
    { title: t("interactions.talk"), width: 80, align: "right", render: (_, row) => duration(row.talk_ms) },
    {
      title: t("interactions.recording"),
      width: 72,
      align: "center",
      render: (_, row) =>
        row.recording ? (
          <span className="icon-cell" title={t("interactions.recording")}>
            <Icon name="play" size={16} />
          </span>
        ) : (
          ""
        ),
    },
  ];
}

/** Contacts, newest first: own ones for an agent, those of the team or all for others. The filter lives in the address. */
export function Component() {
  const { t } = useTranslation();
  const { can } = useSession();
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const columns = useColumns();
  const query = queryOf(search, can("agent.work") && !can("live.view"));
  const list = useCursorList(["interactions", "list", query], (cursor) =>
    interactions.list({ ...query, cursor: cursor ?? undefined, limit: 50 }),
  );
  const open = (row: Interaction) => navigate(`/interactions/${row.id}`);
  return (
    <div className="page">
      <header className="page-head">
        <div className="grow">
          <h1>{t("interactions.title")}</h1>
        </div>
        <Filters search={search} onChange={setSearch} />
      </header>
      {list.isPending ? <Loading lines={12} /> : null}
      {list.error ? <Failed error={list.error} retry={list.retry} /> : null}
      {!list.isPending && !list.error && list.items.length === 0 ? (
        <Empty
          icon="calls"
          title={t("interactions.emptyTitle")}
          text={t(search.size > 0 ? "interactions.emptyFilter" : "interactions.emptyText")}
        />
      ) : null}
      {list.items.length > 0 ? (
        <>
          <Table
            size="small"
            rowKey="id"
            columns={columns}
            dataSource={list.items}
            pagination={false}
            tableLayout="fixed"
            onRow={(row) => ({
              onClick: () => open(row),
              onKeyDown: (event) => {
                if (event.key === "Enter") open(row);
              },
              tabIndex: 0,
              style: { cursor: "pointer" },
              "data-testid": "interaction-row",
            })}
          />
          <More list={list} />
        </>
      ) : null}
    </div>
  );
}
