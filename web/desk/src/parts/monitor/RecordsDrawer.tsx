import { useQuery } from "@tanstack/react-query";
import { monitor } from "@zhiyin/client/api";
import type { MetricQuestion, MetricRecords } from "@zhiyin/client/model";
import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { InteractionLine } from "../InteractionLine.tsx";
import { exactTime, shortTime } from "../time.ts";
import { Empty, Failed, Loading } from "../Views.tsx";
import { scopeKey, useMetrics, useScopeName } from "./useMetrics.ts";
import "./monitor.css";

function Facts({ question, records }: { question: MetricQuestion; records: MetricRecords | undefined }) {
  const { t } = useTranslation();
  const { byId } = useMetrics();
  const scopeName = useScopeName();
  const range = records?.from && records.to ? `${shortTime(records.from)} – ${shortTime(records.to)}` : "";
  const facts = [
    [t("monitor.scope"), scopeName(question.scope)],
    [t("monitor.window"), t(`window.${question.window}`), range],
    [t("monitor.formula"), label(byId.get(question.metric)?.formula) || question.metric],
    ...(records ? [[t("records.counted"), `${records.counted.length} / ${records.interactions.length}`]] : []),
  ];
  return (
    <dl className="records-facts">
      {facts.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">
            {value}
            {more ? <span className="meta"> · {more}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function List({ records }: { records: MetricRecords }) {
  const { t } = useTranslation();
  const { agents } = useDirectory();
  if (records.interactions.length === 0 && records.agents.length === 0)
    return <Empty icon="calls" title={t("records.emptyTitle")} text={t("records.emptyText")} />;
  return (
    <>
      <ul className="records-list" aria-label={t("records.title")}>
        {records.interactions.map((one) => (
          <li
            key={one.id}
            data-testid="record-row"
            className={records.counted.includes(one.id) ? "counted" : undefined}
          >
            <Link to={`/interactions/${one.id}`} title={exactTime(one.started_at)}>
              <InteractionLine interaction={one} />
            </Link>
          </li>
        ))}
        {records.agents.map((id) => (
          <li key={id} data-testid="record-row">
            <Link to={`/team?agent=${id}`}>{agents.find((one) => one.id === id)?.display_name ?? id}</Link>
          </li>
        ))}
      </ul>
      {records.more ? <p className="meta">{t("records.more")}</p> : null}
    </>
  );
}

/** What stands behind a number: the contacts or the agents it was counted from. */
export function RecordsDrawer({ question, onClose }: { question: MetricQuestion | null; onClose: () => void }) {
  const { nameOf } = useMetrics();
  const query = useQuery({
    queryKey: ["records", question?.metric, question && scopeKey(question.scope), question?.window],
    queryFn: () => (question ? monitor.records(question) : Promise.reject(new Error("no question"))),
    enabled: question !== null,
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Drawer
      open={question !== null}
      onClose={onClose}
      size={560}
      destroyOnHidden
      title={question ? nameOf(question.metric) : ""}
      data-testid="records"
    >
      {question ? <Facts question={question} records={query.data} /> : null}
      {query.isPending ? <Loading /> : null}
      {query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data ? <List records={query.data} /> : null}
    </Drawer>
  );
}
