import type { WaitingLive } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { useLive } from "../../live/store.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";

/** Amber from half of it, red beyond: a caller who waits a minute is close to leaving. */
const WAIT_LIMIT_MS = 60_000;

function byQueue(waiting: ReadonlyMap<string, WaitingLive>): Map<string, WaitingLive[]> {
  const queues = new Map<string, WaitingLive[]>();
  for (const one of waiting.values()) queues.set(one.queue, [...(queues.get(one.queue) ?? []), one]);
  for (const list of queues.values()) list.sort((a, b) => a.position - b.position || a.since - b.since);
  return queues;
}

export function WaitingCalls() {
  const { t } = useTranslation();
  const waiting = useLive((state) => state.waiting);
  const { queues } = useDirectory();
  const lists = byQueue(waiting);
  return (
    <section aria-label={t("team.waiting")}>
      <h2 className="section-head">{t("team.waiting")}</h2>
      {queues.map((queue) => {
        const list = lists.get(queue.id) ?? [];
        return (
          <div key={queue.id} className="wait-queue">
            <div className="row wait-head">
              <Link className="grow ellipsis" to={`/queues/${queue.id}/waiting`} title={t("diagnosis.title")}>
                {label(queue.name)}
              </Link>
              <span className={`num ${list.length > 0 ? "tone-warn" : "tone-off"}`}>{list.length}</span>
            </div>
            <ol>
              {list.map((one) => (
                <li key={one.interaction} className="row wait-row" data-testid="waiting-row">
                  <span className="num meta">{one.position}</span>
                  <Link
                    className="num grow ellipsis"
                    to={`/queues/${one.queue}/waiting/${one.interaction}`}
                    title={t("diagnosis.title")}
                  >
                    {one.remote}
                  </Link>
                  {one.callback ? (
                    <span className="chip" title={t("callbacks.keptPlace")}>
                      {t("callbacks.chip")}
                    </span>
                  ) : null}
                  {one.priority > 0 ? (
                    <span className="chip">{t("team.priority", { level: one.priority })}</span>
                  ) : null}
                  <Elapsed since={one.since} limitMs={WAIT_LIMIT_MS} />
                </li>
              ))}
            </ol>
          </div>
        );
      })}
      {queues.length === 0 ? <p className="meta">{t("team.noQueues")}</p> : null}
    </section>
  );
}
