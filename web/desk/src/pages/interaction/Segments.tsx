import type { InteractionDetail, Segment } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { clock, exactTime } from "../../parts/time.ts";
import { useResultWord } from "./words.ts";

const TONES: Record<Segment["kind"], string> = {
  entry: "off",
  menu: "off",
  queue: "warn",
  offer: "alert",
  talk: "live",
  hold: "rest",
  consult: "rest",
  wrap_up: "brand",
  voicemail: "live",
};

/** Each stretch of the contact as a bar on the common time line, with who, how long and what came of it. */
export function Segments({ interaction }: { interaction: InteractionDetail }) {
  const { t } = useTranslation();
  const { agents, queues } = useDirectory();
  const result = useResultWord();
  const { segments } = interaction;
  if (segments.length === 0) return <p className="meta">{t("interaction.noSegments")}</p>;
  const start = interaction.started_at;
  const end = Math.max(
    ...segments.map((one) => one.ended_at ?? one.started_at),
    interaction.ended_at ?? start,
    start + 1,
  );
  const who = (one: Segment) =>
    agents.find((agent) => agent.id === one.agent)?.display_name ??
    label(queues.find((queue) => queue.id === one.queue)?.name);
  const percent = (us: number) => `${((us / (end - start)) * 100).toFixed(2)}%`;
  return (
    <ol className="segments">
      {segments.map((one) => {
        const length = (one.ended_at ?? end) - one.started_at;
        return (
          <li key={one.id} className="segment" title={exactTime(one.started_at)}>
            <span className="segment-kind">{t(`segment.${one.kind}`)}</span>
            <span className="segment-who ellipsis meta">{who(one)}</span>
            <span className="segment-lane">
              <span
                className="segment-bar"
                style={{
                  left: percent(one.started_at - start),
                  width: percent(length),
                  background: `var(--${TONES[one.kind]})`,
                }}
              />
            </span>
            <span className="num meta segment-time">{clock(length / 1000)}</span>
            <span className="meta ellipsis">{result(one.result)}</span>
          </li>
        );
      })}
    </ol>
  );
}
