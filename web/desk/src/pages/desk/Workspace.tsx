import { useQuery } from "@tanstack/react-query";
import { interactions } from "@zhiyin/client/api";
import type { Interaction } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { useLive } from "../../live/store.ts";
import { DIRECTION_ICON, reasonWords } from "../../parts/call/names.ts";
import { Icon } from "../../parts/Icon.tsx";
import { OUTCOME_TONE, useResultWords } from "../../parts/InteractionLine.tsx";
import { clock, exactTime, relativeTime } from "../../parts/time.ts";
import { Failed, Loading } from "../../parts/Views.tsx";
import { Idle } from "./Idle.tsx";
import type { Current } from "./useCurrent.ts";

const SHOWN = 30;

function Facts({ current }: { current: Current }) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  const queue = queues.find((one) => one.id === current.queue);
  const facts: [string, string][] = [
    [t("desk.fact.direction"), t(`direction.${current.direction}`)],
    [t("desk.fact.local"), current.local],
  ];
  if (queue) facts.push([t("desk.fact.queue"), label(queue.name)]);
  if (current.waitedMs !== null) facts.push([t("desk.fact.waited"), clock(current.waitedMs)]);
  if (current.reason) facts.unshift([t("offer.reason"), reasonWords(t, current.reason)]);
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num ellipsis">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Past({ one }: { one: Interaction }) {
  const { t } = useTranslation();
  const words = useResultWords();
  return (
    <li className="past">
      <span
        className={`past-mark ${one.outcome ? OUTCOME_TONE[one.outcome] : "tone-live"}`}
        title={t(`direction.${one.direction}`)}
      >
        <Icon name={DIRECTION_ICON[one.direction]} size={16} />
      </span>
      <div className="past-body">
        <div className="row">
          <span className="past-title ellipsis grow">{words(one)}</span>
          <time className="meta" title={exactTime(one.started_at)}>
            {relativeTime(one.started_at)}
          </time>
        </div>
        {one.note ? <p className="past-note">{one.note}</p> : null}
        <p className="meta num">
          {[
            one.agent_name,
            label(one.queue_name),
            one.wait_ms > 0 && t("desk.waited", { time: clock(one.wait_ms) }),
            one.talk_ms > 0 && t("desk.talked", { time: clock(one.talk_ms) }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
    </li>
  );
}

function History({ current }: { current: Current }) {
  const { t } = useTranslation();
  const customer = current.customerId;
  const query = useQuery({
    queryKey: ["interactions", "customer", customer],
    queryFn: () => interactions.list({ customer: customer ?? undefined, limit: SHOWN }),
    enabled: customer !== null,
  });
  // What came with the call reaches beyond what this person may search: colleagues' contacts with the same customer.
  const offered = useLive((state) => (state.lastOffer?.customer === customer ? state.lastOffer?.recent : undefined));
  const known = new Map([...(offered ?? []), ...(query.data?.items ?? [])].map((one) => [one.id, one]));
  known.delete(current.interaction);
  const past = [...known.values()].sort((a, b) => b.started_at - a.started_at);
  if (customer === null) return <p className="meta history-none">{t("desk.unknownCustomer")}</p>;
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (past.length === 0) return <p className="meta history-none">{t("desk.firstContact")}</p>;
  return (
    <ol className="history">
      {past.map((one) => (
        <Past key={one.id} one={one} />
      ))}
    </ol>
  );
}

/** The middle: the interaction in hand and everything before it; the day's figures when there is none. */
export function Workspace({ current }: { current: Current | null }) {
  const { t } = useTranslation();
  if (!current) return <Idle />;
  return (
    <div className="workspace">
      <h2>{t(`desk.phase.${current.phase}`)}</h2>
      <Facts current={current} />
      <h3 className="minor">{t("desk.history")}</h3>
      <History current={current} />
    </div>
  );
}
