import { alerts } from "@zhiyin/client/api";
import type { Alert } from "@zhiyin/client/model";
import { Button, Switch } from "antd";
import { useRef, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useDirectory, useSession } from "../../app/session.tsx";
import { devices } from "../../live/devices.ts";
import { useLive } from "../../live/store.ts";
import { AlertText } from "../../parts/alerts/AlertText.tsx";
import { useAlertActions } from "../../parts/alerts/useAlertActions.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";
import { More } from "../../parts/More.tsx";
import { clock, exactTime, shortTime } from "../../parts/time.ts";
import { useCursorList } from "../../parts/useCursorList.ts";
import { Empty, Failed, Loading } from "../../parts/Views.tsx";
import "../../parts/alerts/alerts.css";

const PAGE = 50;

/** Open before looked after, critical before warning, the newest first. */
function byUrgency(a: Alert, b: Alert): number {
  const open = (one: Alert) => (one.acknowledged === null ? 0 : 1);
  const level = (one: Alert) => (one.level === "critical" ? 0 : 1);
  return open(a) - open(b) || level(a) - level(b) || b.fired_at - a.fired_at;
}

function Since({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const fired = alert.fired_at;
  const cleared = alert.cleared_at === null ? null : alert.cleared_at;
  return (
    <span className="num" title={exactTime(fired)}>
      {shortTime(fired)}{" "}
      <span className="meta">
        {cleared === null ? (
          <Elapsed since={fired} title={false} />
        ) : (
          t("alerts.lasted", { time: clock((cleared - fired) / 1000) })
        )}
      </span>
    </span>
  );
}

function LookedAfter({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const { agents } = useDirectory();
  const { user } = useSession();
  if (!alert.acknowledged) {
    const words = alert.escalated_at ? t("alert.escalated") : "";
    return <span className={alert.cleared_at ? "meta" : "tone-alert"}>{words}</span>;
  }
  const { by, at } = alert.acknowledged;
  const name = by === user.id ? user.display_name : agents.find((one) => one.id === by)?.display_name;
  return (
    <span className="meta" title={exactTime(at)}>
      {t("alerts.by", { name: name ?? t("monitor.unknownAgent") })}
    </span>
  );
}

function Line({ alert, onAcknowledge }: { alert: Alert; onAcknowledge?: (number: number) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <AlertText alert={alert} />
      <Since alert={alert} />
      <LookedAfter alert={alert} />
      {onAcknowledge && !alert.acknowledged ? (
        <Button size="small" onClick={() => onAcknowledge(alert.number)} data-testid="acknowledge">
          {t("alert.acknowledge")}
        </Button>
      ) : (
        <span />
      )}
    </>
  );
}

function Active() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { acknowledge } = useAlertActions();
  const active = useLive((state) => state.alerts.active);
  const connected = useLive((state) => state.connection !== "connecting" || state.alerts.active.size > 0);
  const list = useRef<HTMLUListElement>(null);
  const rows = [...active.values()].sort(byUrgency);
  const may = can("alert.acknowledge");
  const onKeyDown = (event: React.KeyboardEvent, alert: Alert, at: number) => {
    if (event.target !== event.currentTarget) return;
    const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (move !== 0) {
      event.preventDefault();
      (list.current?.children[at + move] as HTMLElement | undefined)?.focus();
    } else if (event.key === "Enter" && may && !alert.acknowledged) {
      event.preventDefault();
      void acknowledge(alert.number);
    }
  };
  return (
    <section className="alert-section" aria-label={t("alerts.active")}>
      <div className="row">
        <h2 className="grow">
          {t("alerts.active")} <span className="num">{rows.length}</span>
        </h2>
        {may && rows.length > 0 ? <span className="meta">{t("alerts.keys")}</span> : null}
      </div>
      {!connected ? <Loading lines={3} /> : null}
      {connected && rows.length === 0 ? (
        <Empty icon="check" title={t("alerts.noneTitle")} text={t("alerts.noneText")} />
      ) : null}
      <ul className="alert-rows" ref={list}>
        {rows.map((alert, at) => (
          <li
            key={alert.number}
            // A row is a stop of the keyboard: arrows move, Enter acknowledges.
            // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
            tabIndex={0}
            onKeyDown={(event) => onKeyDown(event, alert, at)}
            data-testid="alert-row"
            data-level={alert.level}
          >
            <Line alert={alert} onAcknowledge={may ? (number) => void acknowledge(number) : undefined} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function History() {
  const { t } = useTranslation();
  const list = useCursorList(["alerts", "over"], (cursor) =>
    alerts.list({ state: "over", cursor: cursor ?? undefined, limit: PAGE }),
  );
  return (
    <section className="alert-section" aria-label={t("alerts.over")}>
      <h2>{t("alerts.over")}</h2>
      {list.isPending ? <Loading lines={6} /> : null}
      {list.error ? <Failed error={list.error} retry={list.retry} /> : null}
      {!list.isPending && !list.error && list.items.length === 0 ? (
        <p className="meta">{t("alerts.noHistory")}</p>
      ) : null}
      {list.items.length > 0 ? (
        <>
          <ul className="alert-rows">
            {list.items.map((alert) => (
              <li key={alert.number} data-testid="alert-over">
                <Line alert={alert} />
              </li>
            ))}
          </ul>
          <More list={list} />
        </>
      ) : null}
    </section>
  );
}

/** What needs somebody now, and what did before. */
export function Component() {
  const { t } = useTranslation();
  const { can } = useSession();
  const sound = useSyncExternalStore(devices.subscribe, () => devices.get().alertSound);
  return (
    <div className="page">
      <header className="page-head">
        <div className="grow">
          <h1>{t("alerts.title")}</h1>
          <p className="lead meta">{t("alerts.lead")}</p>
        </div>
        {can("config.write") ? <Link to="/alert-rules">{t("alertRules.title")}</Link> : null}
        <span className="row">
          <Switch
            id="alert-sound"
            size="small"
            checked={sound}
            onChange={(alertSound) => devices.set({ alertSound })}
          />
          <label htmlFor="alert-sound">{t("alerts.sound")}</label>
        </span>
      </header>
      <Active />
      <History />
    </div>
  );
}
