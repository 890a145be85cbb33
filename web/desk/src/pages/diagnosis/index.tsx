/**
 * Why nobody gets somebody who waits: the place, every agent with the rule that leaves them out, what waiting longer changes.
 * Without an interaction in the address it is about whoever is next in the queue.
 */
import { useQuery } from "@tanstack/react-query";
import { diagnose } from "@zhiyin/client/api";
import { Problem } from "@zhiyin/client/http";
import type { Diagnosis } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { useLive } from "../../live/store.ts";
import { Empty, Failed, Loading } from "../../parts/Views.tsx";
import { Facts, NextStep } from "./Facts.tsx";
import { Line, lineOf } from "./Line.tsx";
import { Members, Verdicts } from "./Verdicts.tsx";
import "./diagnosis.css";

const EVERY_MS = 2_000;

function Found({ found }: { found: Diagnosis }) {
  const { t } = useTranslation();
  return (
    <>
      <Facts found={found} />
      <div className="diagnosis">
        <section aria-label={t("diagnosis.agents")}>
          <h2>{t("diagnosis.agents")}</h2>
          <Verdicts found={found} />
        </section>
        <div className="stack diagnosis-side">
          {found.next ? <NextStep step={found.next} /> : null}
          <Line queue={found.queue} chosen={found.interaction} ahead={found.ahead} />
        </div>
      </div>
    </>
  );
}

function Waiting({ queue, interaction }: { queue: string; interaction: string }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["diagnosis", queue, interaction],
    queryFn: () => diagnose(queue, interaction),
    refetchInterval: (of) => (of.state.error ? false : EVERY_MS),
    retry: false,
  });
  const gone = query.error instanceof Problem && query.error.status === 404;
  if (query.isPending) return <Loading lines={10} />;
  if (gone)
    return (
      <Empty icon="check" title={t("diagnosis.gone")} text={t("diagnosis.goneText")}>
        <Link to={`/queues/${queue}/waiting`}>{t("diagnosis.whoIsNext")}</Link>
      </Empty>
    );
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Found found={query.data} />;
}

function Nobody({ queue }: { queue: string }) {
  const { t } = useTranslation();
  return (
    <>
      <Empty icon="check" title={t("diagnosis.nobody")} text={t("diagnosis.nobodyText")} />
      <section className="diagnosis-nobody" aria-label={t("diagnosis.agents")}>
        <h2>{t("diagnosis.agents")}</h2>
        <Members queue={queue} />
      </section>
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { queue = "", interaction } = useParams();
  const { queues } = useDirectory();
  const waiting = useLive((state) => state.waiting);
  const connection = useLive((state) => state.connection);
  const next = lineOf(waiting, queue)[0]?.interaction;
  const shown = interaction ?? next;
  return (
    <div className="page">
      <header className="page-head">
        <div className="grow">
          <h1>{t("diagnosis.title")}</h1>
          <p className="lead meta">
            {label(queues.find((one) => one.id === queue)?.name)}
            {shown ? (
              <>
                {" · "}
                <Link to={`/interactions/${shown}`}>{t("diagnosis.interaction")}</Link>
              </>
            ) : null}
          </p>
        </div>
      </header>
      {shown ? <Waiting key={shown} queue={queue} interaction={shown} /> : null}
      {!shown && connection !== "live" ? <Loading lines={10} /> : null}
      {!shown && connection === "live" ? <Nobody queue={queue} /> : null}
    </div>
  );
}
