/** Why nobody gets somebody who waits: the place, every agent with the rule that leaves them out, what waiting longer changes. */
import { useQuery } from "@tanstack/react-query";
import { diagnose } from "@zhiyin/client/api";
import { Problem } from "@zhiyin/client/http";
import type { Diagnosis } from "@zhiyin/client/model";
import { Table } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";
import { exactTime } from "../../parts/time.ts";
import { Empty, Failed, Loading } from "../../parts/Views.tsx";
import "./diagnosis.css";

const EVERY_MS = 2_000;

function useNames() {
  const { agents, queues } = useDirectory();
  return {
    agent: (id: string | null | undefined) => agents.find((one) => one.id === id)?.display_name ?? "—",
    queue: (id: string | null | undefined) => label(queues.find((one) => one.id === id)?.name),
  };
}

function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className="explain">
      {facts.map(([term, text]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function useNow(found: Diagnosis): [string, ReactNode][] {
  const { t } = useTranslation();
  const name = useNames();
  const comma = t("explain.comma");
  const facts: [string, ReactNode][] = [
    [t("explain.waited"), <Elapsed key="waited" since={found.since} />],
    [t("diagnosis.position"), t("diagnosis.ofWaiting", { position: found.position, count: found.waiting })],
    [t("numbers.priority"), found.priority],
    [t("capacity.channel"), t(`channel.${found.channel}`)],
  ];
  if (found.rules.length > 0) facts.push([t("routingRules.title"), found.rules.join(comma)]);
  if (found.needs) facts.push([t("routing.needs"), found.needs]);
  facts.push([t("routing.levelMax"), found.level_max]);
  if (found.kept_for) facts.push([t("diagnosis.keptFor"), name.agent(found.kept_for)]);
  if (found.ringing.length > 0) facts.push([t("diagnosis.ringing"), found.ringing.map(name.agent).join(comma)]);
  if (found.overflow_at) facts.push([t("queues.overflow"), exactTime(found.overflow_at)]);
  return facts;
}

function NextStep({ step }: { step: NonNullable<Diagnosis["next"]> }) {
  const { t } = useTranslation();
  const name = useNames();
  const comma = t("explain.comma");
  const facts: [string, ReactNode][] = [
    [t("diagnosis.at"), exactTime(step.at)],
    [t("routing.needs"), step.needs ?? t("config.none")],
    [t("routing.levelMax"), step.level_max],
  ];
  if (step.freed) facts.push([t("diagnosis.freed"), t("diagnosis.freedText")]);
  if (step.lenders.length > 0) facts.push([t("routing.borrow"), step.lenders.map(name.queue).join(comma)]);
  facts.push([t("diagnosis.gains"), step.gains.map(name.agent).join(comma) || t("config.none")]);
  return (
    <section aria-label={t("diagnosis.next")}>
      <h2 className="section-head">{t("diagnosis.next")}</h2>
      <Facts facts={facts} />
    </section>
  );
}

function Agents({ found }: { found: Diagnosis }) {
  const { t } = useTranslation();
  const name = useNames();
  return (
    <section aria-label={t("diagnosis.agents")}>
      <h2 className="section-head">{t("diagnosis.agents")}</h2>
      <Table
        size="small"
        pagination={false}
        rowKey={(row) => `${row.agent}-${row.lent_by ?? ""}`}
        dataSource={found.agents}
        locale={{ emptyText: t("diagnosis.noAgents") }}
        columns={[
          { title: t("queues.member"), render: (_, row) => name.agent(row.agent) },
          {
            title: t("diagnosis.why"),
            render: (_, row) => (
              <span className={row.why ? "" : "tone-ok"} data-testid="why">
                {t(row.why ? `why.${row.why}` : "diagnosis.could")}
                {row.spared_until ? ` · ${t("diagnosis.until", { time: exactTime(row.spared_until) })}` : ""}
              </span>
            ),
          },
          { title: t("routing.lender"), render: (_, row) => (row.lent_by ? name.queue(row.lent_by) : "–") },
        ]}
      />
    </section>
  );
}

function Ahead({ found }: { found: Diagnosis }) {
  const { t } = useTranslation();
  if (found.ahead.length === 0) return null;
  return (
    <section aria-label={t("diagnosis.ahead")}>
      <h2 className="section-head">{t("diagnosis.ahead")}</h2>
      <ol className="ahead">
        {found.ahead.map((one) => (
          <li key={one.interaction} className="row">
            <Link className="grow" to={`/queues/${found.queue}/waiting/${one.interaction}`}>
              {t("team.priority", { level: one.priority })}
            </Link>
            {one.ringing ? <span className="chip">{t("why.ringing")}</span> : null}
            <Elapsed since={one.since} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Found({ found }: { found: Diagnosis }) {
  const facts = useNow(found);
  return (
    <div className="diagnosis">
      <div>
        <Facts facts={facts} />
        {found.next ? <NextStep step={found.next} /> : null}
        <Ahead found={found} />
      </div>
      <Agents found={found} />
    </div>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { queue = "", interaction = "" } = useParams();
  const name = useNames();
  const query = useQuery({
    queryKey: ["diagnosis", queue, interaction],
    queryFn: () => diagnose(queue, interaction),
    refetchInterval: (of) => (of.state.error ? false : EVERY_MS),
    retry: false,
  });
  const gone = query.error instanceof Problem && query.error.status === 404;
  return (
    <div className="page">
      <header className="page-head">
        <div className="grow">
          <h1>{t("diagnosis.title")}</h1>
          <p className="lead meta">
            {name.queue(queue)} · <Link to={`/interactions/${interaction}`}>{t("diagnosis.interaction")}</Link>
          </p>
        </div>
      </header>
      {query.isPending ? <Loading lines={10} /> : null}
      {gone ? <Empty icon="check" title={t("diagnosis.gone")} text={t("diagnosis.goneText")} /> : null}
      {query.isError && !gone ? <Failed error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data && !query.isError ? <Found found={query.data} /> : null}
    </div>
  );
}
