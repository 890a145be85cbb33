import { useQuery } from "@tanstack/react-query";
import { callMe, interactions, phoneConfig } from "@zhiyin/client/api";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../app/session.tsx";
import { useLive } from "../../live/store.ts";
import { useCallActions } from "../../parts/call/useCallActions.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";
import { problemWords } from "../../parts/problem.ts";
import { StateShape, stateTone } from "../../parts/StateMark.tsx";
import { clock } from "../../parts/time.ts";

const PAGE = 200;

function startOfToday(): number {
  return new Date().setHours(0, 0, 0, 0) * 1000;
}

/** My day so far, from the newest two hundred contacts. */
function Today() {
  const { t } = useTranslation();
  const { user } = useSession();
  const status = useLive((state) => state.agent?.status);
  const query = useQuery({
    queryKey: ["interactions", "today", user.id, status ?? ""],
    queryFn: () => interactions.list({ agent: "me", from: startOfToday(), limit: PAGE }),
    placeholderData: (previous) => previous,
  });
  const mine = query.data?.items ?? [];
  const talked = mine.filter((one) => one.talk_ms > 0);
  const talk = talked.reduce((sum, one) => sum + one.talk_ms, 0);
  const figures: [string, string][] = [
    [t("desk.today.handled"), String(talked.length)],
    [t("desk.today.talk"), clock(talk)],
    [t("desk.today.average"), talked.length > 0 ? clock(talk / talked.length) : "–"],
  ];
  return (
    <dl className="today" aria-label={t("desk.today.label")}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dd className="num">{value}</dd>
          <dt>{name}</dt>
        </div>
      ))}
    </dl>
  );
}

function CallMe() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const status = useLive((state) => state.agent?.status);
  const config = useQuery({ queryKey: ["phone-config"], queryFn: phoneConfig, staleTime: Number.POSITIVE_INFINITY });
  const [busy, setBusy] = useState(false);
  if (!config.data?.demo) return null;
  const call = async () => {
    setBusy(true);
    try {
      await callMe();
      message.info(t("demo.coming"));
    } catch (error) {
      message.error(problemWords(t, error));
    }
    setBusy(false);
  };
  return (
    <div className="callme">
      <div className="grow">
        <p className="callme-title">{t("demo.title")}</p>
        <p className="meta">{t(status === "available" ? "demo.text" : "demo.notAvailable")}</p>
      </div>
      <Button onClick={() => void call()} loading={busy} disabled={status !== "available"} data-testid="callme">
        {t("demo.callMe")}
      </Button>
    </div>
  );
}

/** Between calls: my state as the largest thing, the one sensible next step, my day. */
export function Idle() {
  const { t } = useTranslation();
  const agent = useLive((state) => state.agent);
  const { setStatus } = useCallActions();
  const status = agent?.status ?? "offline";
  const offer = useLive((state) => state.offer);
  // Nothing to answer yet: a customer who is called back has the phone ringing.
  const kept = status === "ringing" && offer === null;
  const waitsForMe = status === "offline" || status === "break" || status === "away";
  return (
    <div className="idle">
      <div className="idle-state">
        <StateShape status={status} size={40} />
        <p className={`idle-word ${stateTone(status)}`}>{t(`state.${status}`)}</p>
        {agent ? (
          <p className="idle-time">
            <Elapsed since={agent.since} />
          </p>
        ) : null}
        <p className="idle-text">{t(kept ? "desk.idle.kept" : `desk.idle.${status}`)}</p>
        {waitsForMe ? (
          <Button type="primary" size="large" onClick={() => void setStatus("available")} data-testid="go-available">
            {t("desk.goAvailable")}
          </Button>
        ) : null}
      </div>
      <Today />
      <CallMe />
    </div>
  );
}
