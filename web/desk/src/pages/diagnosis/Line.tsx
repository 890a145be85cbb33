import type { Diagnosis, WaitingLive } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useLive } from "../../live/store.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";

/** Who waits in one queue, the next first. */
export function lineOf(waiting: ReadonlyMap<string, WaitingLive>, queue: string): WaitingLive[] {
  const line = [...waiting.values()].filter((one) => one.queue === queue);
  return line.sort((a, b) => a.position - b.position || a.since - b.since);
}

/** The whole line, to look at another one of it. */
export function Line({ queue, chosen, ahead }: { queue: string; chosen: string; ahead: Diagnosis["ahead"] }) {
  const { t } = useTranslation();
  const line = lineOf(
    useLive((state) => state.waiting),
    queue,
  );
  const ringing = new Set(ahead.filter((one) => one.ringing).map((one) => one.interaction));
  return (
    <section className="card" aria-label={t("diagnosis.line")}>
      <h2>{t("diagnosis.line")}</h2>
      <ol className="diagnosis-line">
        {line.map((one) => (
          <li key={one.interaction} className="row" data-testid="line-row">
            <span className="num meta">{one.position}</span>
            <Link
              className="num grow ellipsis"
              to={`/queues/${queue}/waiting/${one.interaction}`}
              aria-current={one.interaction === chosen ? "true" : undefined}
            >
              {one.remote}
            </Link>
            {ringing.has(one.interaction) ? <span className="chip">{t("why.ringing")}</span> : null}
            {one.priority > 0 ? <span className="chip">{t("team.priority", { level: one.priority })}</span> : null}
            <Elapsed since={one.since} />
          </li>
        ))}
      </ol>
    </section>
  );
}
