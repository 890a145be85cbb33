/** Empty, loading and error: the three states every page has beside full. */
import { Button } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Copyable } from "./Copyable.tsx";
import { Icon, type IconName } from "./Icon.tsx";
import { problemCode, problemWords } from "./problem.ts";
import "./views.css";

export function Empty({
  icon,
  title,
  text,
  children,
}: {
  icon: IconName;
  title: string;
  text?: string;
  children?: ReactNode;
}) {
  return (
    <div className="view">
      <span className="view-icon">
        <Icon name={icon} size={26} />
      </span>
      <p className="view-title">{title}</p>
      {text ? <p className="meta">{text}</p> : null}
      {children}
    </div>
  );
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="view" role="alert">
      <span className="view-icon tone-alert">
        <Icon name="close" size={26} />
      </span>
      <p className="view-title">{problemWords(t, error)}</p>
      <Copyable text={problemCode(error)} className="meta" />
      {retry ? <Button onClick={retry}>{t("common.retry")}</Button> : null}
    </div>
  );
}

const SKELETON_AFTER_MS = 300;

/** Grey lines, but only when waiting is long enough to notice; until then the space stays as it is. */
export function Loading({ lines = 6 }: { lines?: number }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" aria-busy="true">
      <span className="visually-hidden">{t("common.loading")}</span>
      {shown
        ? Array.from({ length: lines }, (_, i) => i).map((i) => (
            <span key={i} className="loading-line" style={{ width: `${92 - ((i * 17) % 40)}%` }} />
          ))
        : null}
    </div>
  );
}
