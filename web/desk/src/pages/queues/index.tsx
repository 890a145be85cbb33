import { queues } from "@zhiyin/client/api";
import type { Queue, QueueBody } from "@zhiyin/client/model";
import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { ConfigPage } from "../../parts/config/ConfigPage.tsx";
import { useNameColumns } from "../../parts/config/columns.tsx";
import { ruleBody } from "../../parts/config/RuleFields.tsx";
import { wayBody } from "../../parts/config/WayFields.tsx";
import { clock } from "../../parts/time.ts";
import { CALLBACKS, callbacksBody } from "./CallbackFields.tsx";
import { MEASURE } from "./MeasureFields.tsx";
import { QueueFields } from "./QueueFields.tsx";
import { PRIORITY_ALWAYS_MS } from "./RoutingFields.tsx";
import { EstimateNow, WAITING, waitingBody } from "./WaitingFields.tsx";
import { WaitingNow, WhyNobody } from "./WaitingNow.tsx";

type Routing = NonNullable<QueueBody["routing"]>;

const ROUTING: Routing = {
  needs: null,
  level_max: 9,
  relax: [],
  priority_ms: PRIORITY_ALWAYS_MS,
  weight: 100,
  preferred_wait_ms: 0,
  ring_next_ms: 5_000,
  no_answer_max: 1,
  borrow: [],
  no_agent_ms: 0,
  waiting_percent_max: 0,
  resume_ms: 120_000,
  breaks: { agents_max: null, percent_max: null, refuse: false },
  rules: [],
};
const BLANK: Required<QueueBody> = {
  key: "",
  name: { zh: "", en: "" },
  strategy: "longest_idle",
  ring_timeout_ms: 20_000,
  wrap_up_ms: 30_000,
  queue_len_max: 50,
  wait_max_ms: 600_000,
  overflow: { do: "hang_up", prompt: null },
  hours: null,
  closed: { do: "hang_up", prompt: null },
  closing: "serve",
  waiting: WAITING,
  callbacks: CALLBACKS,
  announce_every_ms: 30_000,
  music: "",
  record: true,
  service_level_threshold_s: 20,
  measure: MEASURE,
  routing: ROUTING,
  members: [],
};

/** Steps in the order of their time; an empty field stays as it was. */
function relaxed({ relax }: Routing): Routing["relax"] {
  const steps = (relax ?? []).map((step) => ({
    ...step,
    needs: step.needs || null,
    level_max: step.level_max ?? null,
  }));
  return steps.toSorted((a, b) => a.after_ms - b.after_ms);
}

function toBody(values: QueueBody): QueueBody {
  const routing = { ...ROUTING, ...values.routing };
  return {
    ...values,
    members: values.members ?? [],
    routing: {
      ...routing,
      needs: routing.needs || null,
      relax: relaxed(routing),
      rules: (routing.rules ?? []).map(ruleBody),
    },
    overflow: wayBody(values.overflow),
    hours: values.hours ?? null,
    closed: wayBody(values.closed),
    closing: values.closing ?? "serve",
    waiting: waitingBody(values.waiting),
    callbacks: callbacksBody(values.callbacks),
  };
}

export function Component() {
  const { t } = useTranslation();
  const columns: TableColumnsType<Queue> = [
    ...useNameColumns<Queue>(),
    {
      title: t("queues.members"),
      render: (_, row) => <span className="num">{row.members.length}</span>,
      align: "right",
    },
    { title: t("team.waiting"), align: "right", render: (_, row) => <WaitingNow queue={row.id} /> },
    { title: t("routing.strategy"), render: (_, row) => t(`strategy.${row.strategy}`) },
    {
      title: t("queues.ringTimeout"),
      render: (_, row) => <span className="num">{clock(row.ring_timeout_ms)}</span>,
      align: "right",
    },
    {
      title: t("queues.wrapUp"),
      render: (_, row) => <span className="num">{clock(row.wrap_up_ms)}</span>,
      align: "right",
    },
    {
      title: t("queues.serviceLevel"),
      render: (_, row) => <span className="num">{t("queues.within", { count: row.service_level_threshold_s })}</span>,
      align: "right",
    },
    { title: t("queues.record"), render: (_, row) => t(row.record ? "common.yes" : "common.no") },
  ];
  return (
    <ConfigPage
      resource={queues}
      icon="queues"
      words="queues"
      permission="config.write"
      keyOf={(row) => row.id}
      nameOf={(row) => label(row.name)}
      columns={columns}
      blank={BLANK}
      toBody={toBody}
      fields={(isNew) => <QueueFields isNew={isNew} />}
      actions={(row) => (
        <>
          <div className="actions">
            <WhyNobody queue={row.id} />
          </div>
          <EstimateNow queue={row} />
        </>
      )}
      drawerWidth={580}
    />
  );
}
