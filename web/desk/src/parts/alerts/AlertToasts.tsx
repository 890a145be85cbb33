import type { Alert } from "@zhiyin/client/model";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import type { AlertNews } from "../../live/alerts.ts";
import { useLive } from "../../live/store.ts";
import { Icon } from "../Icon.tsx";
import { useTick } from "../time.ts";
import { AlertText, useAlertWords } from "./AlertText.tsx";
import { useAlertActions } from "./useAlertActions.ts";
import "./alerts.css";

/** A warning goes by itself; what is critical or was told again stays until somebody reacts. */
const WARN_SHOWN_MS = 15_000;
const SHOWN_MAX = 3;

interface Item {
  news: AlertNews;
  alert: Alert;
}

function Toast({ item, onClose }: { item: Item; onClose: () => void }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const { acknowledge } = useAlertActions();
  const { alert, news } = item;
  return (
    <li className={`alert-toast toast-${alert.level}`} data-testid="alert-toast" data-level={alert.level}>
      <div className="row alert-toast-head">
        <div className="grow">
          {news.what === "escalated" ? <p className="alert-again">{t("alert.escalated")}</p> : null}
          <AlertText alert={alert} />
        </div>
        <Button
          type="text"
          size="small"
          aria-label={t("common.close")}
          icon={<Icon name="close" size={16} />}
          onClick={onClose}
        />
      </div>
      <div className="row">
        <Link to="/alerts" className="grow" onClick={onClose}>
          {t("alert.all")}
        </Link>
        {can("alert.acknowledge") ? (
          <Button size="small" onClick={() => void acknowledge(alert.number)}>
            {t("alert.acknowledge")}
          </Button>
        ) : null}
      </div>
    </li>
  );
}

/** Alerts that have just fired, in the lower corner of every page: the upper one belongs to ringing calls. Takes no focus. */
export function AlertToasts() {
  const { t } = useTranslation();
  useTick();
  const { active, news } = useLive((state) => state.alerts);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const words = useAlertWords();
  const now = Date.now();
  // The page of alerts has them in front of it already.
  const listed = useLocation().pathname === "/alerts";
  const items = news.flatMap((one): Item[] => {
    const alert = active.get(one.alert);
    if (!alert || closed.has(one.key)) return [];
    const fades = alert.level === "warn" && one.what === "fired";
    return fades && now - one.at > WARN_SHOWN_MS ? [] : [{ news: one, alert }];
  });
  const shown = items.slice(-SHOWN_MAX);
  const last = shown.at(-1)?.alert;
  const hidden = items.length - shown.length;
  return (
    <>
      <div className="visually-hidden" aria-live="assertive" role="alert">
        {last ? `${t(`level.${last.level}`)}: ${label(last.name)}. ${words(last)}` : ""}
      </div>
      {shown.length > 0 && !listed ? (
        <aside className="alert-toasts" aria-label={t("alert.new")}>
          {hidden > 0 ? <p className="chip">{t("alert.moreNew", { count: hidden })}</p> : null}
          <ul>
            {shown.map((item) => (
              <Toast
                key={item.news.key}
                item={item}
                onClose={() => setClosed((before) => new Set(before).add(item.news.key))}
              />
            ))}
          </ul>
        </aside>
      ) : null}
    </>
  );
}
