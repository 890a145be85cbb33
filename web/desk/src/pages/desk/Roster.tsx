import { useQuery } from "@tanstack/react-query";
import { interactions } from "@zhiyin/client/api";
import type { Interaction } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { useLive } from "../../live/store.ts";
import { DIRECTION_ICON } from "../../parts/call/names.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { OUTCOME_TONE, useResultWords } from "../../parts/InteractionLine.tsx";
import { StateShape } from "../../parts/StateMark.tsx";
import { clock, exactTime, shortTime } from "../../parts/time.ts";
import { Empty, Failed, Loading } from "../../parts/Views.tsx";
import type { Current } from "./useCurrent.ts";

const SHOWN = 30;

const PHASE_STATE = { offer: "ringing", call: "on_call", wrap_up: "wrap_up" } as const;

function Now({ current }: { current: Current }) {
  const { t } = useTranslation();
  const since = useLive((state) => state.agent?.since);
  return (
    <div className={`now now-${current.phase}`}>
      <StateShape status={PHASE_STATE[current.phase]} size={14} />
      <div className="grow">
        <div className="now-name ellipsis">{current.customer?.name || current.remote}</div>
        <div className="meta">{t(`desk.phase.${current.phase}`)}</div>
      </div>
      {current.phase !== "offer" && since ? (
        <Elapsed since={current.phase === "call" ? (current.answeredAt ?? current.startedAt) : since} />
      ) : null}
    </div>
  );
}

function RecentRow({ one }: { one: Interaction }) {
  const { t } = useTranslation();
  const words = useResultWords();
  return (
    <li>
      <Link to={`/interactions/${one.id}`} className="recent" data-testid="recent-row">
        <span className={one.outcome ? OUTCOME_TONE[one.outcome] : "tone-live"} title={t(`direction.${one.direction}`)}>
          <Icon name={DIRECTION_ICON[one.direction]} size={16} />
        </span>
        <span className="grow">
          <span className="recent-top">
            <span className="ellipsis grow">{one.customer_name || one.remote}</span>
            <span className="meta num" title={exactTime(one.started_at)}>
              {shortTime(one.started_at)}
            </span>
          </span>
          <span className="recent-top meta">
            <span className="ellipsis grow">{words(one)}</span>
            <span className="ellipsis recent-queue">{label(one.queue_name)}</span>
            <span className="num">{one.talk_ms > 0 ? clock(one.talk_ms) : "–"}</span>
          </span>
        </span>
      </Link>
    </li>
  );
}

/** What is mine: the one in hand on top, the last ones below. */
export function Roster({ current }: { current: Current | null }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const status = useLive((state) => state.agent?.status);
  const query = useQuery({
    // A new row can only appear when my own state changes.
    queryKey: ["interactions", "mine", user.id, status ?? "", current?.interaction ?? ""],
    queryFn: () => interactions.list({ agent: "me", limit: SHOWN }),
    placeholderData: (previous) => previous,
  });
  return (
    <>
      {current ? <Now current={current} /> : null}
      <h2 className="side-title">{t("desk.recent")}</h2>
      <div className="grow scroll">
        {query.isPending ? <Loading lines={8} /> : null}
        {query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : null}
        {query.data?.items.length === 0 ? (
          <Empty icon="calls" title={t("desk.noRecent")} text={t("desk.noRecentText")} />
        ) : null}
        <ul className="recent-list">
          {query.data?.items.map((one) => (
            <RecentRow key={one.id} one={one} />
          ))}
        </ul>
      </div>
    </>
  );
}
