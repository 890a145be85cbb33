import type { HistoryEvent } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { clock, exactTime } from "../../parts/time.ts";

/** The fields that belong to this kind of event, in one line. */
function facts(event: HistoryEvent): string {
  return Object.entries(event.data ?? {})
    .filter(([, value]) => value !== null && typeof value !== "object")
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(" · ");
}

export function Events({ events, startedAt }: { events: HistoryEvent[]; startedAt: number }) {
  const { t } = useTranslation();
  return (
    <ol className="events">
      {events.map((event) => (
        <li key={event.id}>
          <span className="num meta" title={exactTime(event.at)}>
            +{clock((event.at - startedAt) / 1000)}
          </span>
          <span>{t(`event.${event.type}`, { defaultValue: event.type })}</span>
          <span className="meta ellipsis">{facts(event)}</span>
        </li>
      ))}
    </ol>
  );
}
