import type { AgentStatus, Diagnosis } from "@zhiyin/client/model";
import { Table, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { useLive } from "../../live/store.ts";
import { Icon } from "../../parts/Icon.tsx";
import { StateMark } from "../../parts/StateMark.tsx";
import { shortTime } from "../../parts/time.ts";

type Verdict = Diagnosis["agents"][number];

function useAgentName() {
  const { agents } = useDirectory();
  return (id: string) => agents.find((one) => one.id === id)?.display_name ?? "—";
}

function State({ agent }: { agent: string }) {
  const status: AgentStatus = useLive((state) => state.agents.get(agent)?.status) ?? "offline";
  return <StateMark status={status} />;
}

function Why({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation();
  if (!verdict.why)
    return (
      <span className="row tone-ok" data-testid="why">
        <Icon name="check" size={16} />
        {t("diagnosis.could")}
      </span>
    );
  const until = verdict.spared_until ? t("diagnosis.until", { time: shortTime(verdict.spared_until) }) : "";
  return <span data-testid="why">{[t(`why.${verdict.why}`), until].filter(Boolean).join(" · ")}</span>;
}

/** Every agent that could be asked, with the rule that leaves them out; those who could have it first. */
export function Verdicts({ found }: { found: Diagnosis }) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  const name = useAgentName();
  const rows = found.agents.toSorted((a, b) => Number(Boolean(a.why)) - Number(Boolean(b.why)));
  const lent: TableColumnsType<Verdict> = [
    {
      title: t("routing.lender"),
      render: (_, row) => (row.lent_by ? label(queues.find((one) => one.id === row.lent_by)?.name) : "–"),
    },
  ];
  return (
    <Table<Verdict>
      size="small"
      pagination={false}
      rowKey={(row) => `${row.agent}-${row.lent_by ?? ""}`}
      dataSource={rows}
      locale={{ emptyText: t("diagnosis.noAgents") }}
      columns={[
        { title: t("interactions.agent"), render: (_, row) => name(row.agent) },
        { title: t("people.state"), render: (_, row) => <State agent={row.agent} /> },
        { title: t("diagnosis.why"), render: (_, row) => <Why verdict={row} /> },
        ...(found.agents.some((one) => one.lent_by) ? lent : []),
      ]}
    />
  );
}

/** Who serves the queue, while nobody waits. */
export function Members({ queue }: { queue: string }) {
  const { t } = useTranslation();
  const agents = useLive((state) => state.agents);
  const name = useAgentName();
  const rows = [...agents.values()].filter((one) => one.queues.includes(queue));
  return (
    <Table
      size="small"
      pagination={false}
      rowKey={(row) => row.user}
      dataSource={rows}
      locale={{ emptyText: t("diagnosis.noAgents") }}
      columns={[
        { title: t("interactions.agent"), render: (_, row) => name(row.user) },
        { title: t("people.state"), render: (_, row) => <StateMark status={row.status} /> },
      ]}
    />
  );
}
