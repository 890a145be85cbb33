import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { useLive } from "../../live/store.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";
import { AGENT_DRAG } from "./AgentCard.tsx";
import { isOnTheLine, queueFigures } from "./roster.ts";

/** Amber from half of it, red beyond: a caller who waits a minute is close to leaving. */
const WAIT_LIMIT_MS = 60_000;

/** Every queue in a few figures; a click shows its agents, and an agent dropped on it is put into it. */
export function QueueStrip({
  chosen,
  onChoose,
  onDropAgent,
}: {
  chosen: string | null;
  onChoose: (queue: string | null) => void;
  onDropAgent: (user: string, queue: string) => void;
}) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  const agents = useLive((state) => state.agents);
  const waiting = useLive((state) => state.waiting);
  const [over, setOver] = useState<string | null>(null);
  const figures = useMemo(
    () => queueFigures(agents.values(), [...waiting.values()].filter(isOnTheLine)),
    [agents, waiting],
  );
  if (queues.length === 0) return <p className="meta">{t("team.noQueues")}</p>;
  return (
    <ul className="queue-strip" aria-label={t("team.queues")}>
      {queues.map((queue) => {
        const one = figures.get(queue.id);
        const isChosen = chosen === queue.id;
        return (
          <li key={queue.id}>
            <button
              type="button"
              className={`plain queue-card ${isChosen ? "is-chosen" : ""} ${over === queue.id ? "is-over" : ""}`}
              aria-pressed={isChosen}
              onClick={() => onChoose(isChosen ? null : queue.id)}
              onDragOver={(event) => {
                if (!event.dataTransfer.types.includes(AGENT_DRAG)) return;
                event.preventDefault();
                setOver(queue.id);
              }}
              onDragLeave={() => setOver(null)}
              onDrop={(event) => {
                event.preventDefault();
                setOver(null);
                onDropAgent(event.dataTransfer.getData(AGENT_DRAG), queue.id);
              }}
              data-testid={`queue-${queue.key}`}
            >
              <span className="queue-name ellipsis">{label(queue.name)}</span>
              <span className="queue-figures num">
                <span>
                  <b className={one?.waiting ? "tone-warn" : ""}>{one?.waiting ?? 0}</b>
                  <span className="meta">{t("team.waiting")}</span>
                </span>
                <span>
                  <b>{one?.since ? <Elapsed since={one.since} limitMs={WAIT_LIMIT_MS} title={false} /> : "–"}</b>
                  <span className="meta">{t("team.longestShort")}</span>
                </span>
                <span>
                  <b className={one?.available ? "tone-ok" : ""}>
                    {one?.available ?? 0}/{one?.signedIn ?? 0}
                  </b>
                  <span className="meta">{t("team.free")}</span>
                </span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
