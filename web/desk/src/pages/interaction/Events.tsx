import type { HistoryEvent } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { clock, exactTime } from "../../parts/time.ts";
import { useEventWords } from "./words.ts";

export function Events({ events, startedAt }: { events: HistoryEvent[]; startedAt: number }) {
  const { t } = useTranslation();
  const words = useEventWords();
  return (
    <ol className="events">
      {events.map((event) => (
        <li key={event.id}>
          <span className="num meta" title={exactTime(event.at)}>
            +{clock((event.at - startedAt) / 1000)}
          </span>
          <span>{t(`event.${event.type}`, { defaultValue: event.type })}</span>
          <span className="meta ellipsis">{words(event)}</span>
        </li>
      ))}
    </ol>
  );
}
