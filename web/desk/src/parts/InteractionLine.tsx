import type { Interaction, Outcome } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../app/session.tsx";
import { label } from "../i18n/index.ts";
import { DIRECTION_ICON } from "./call/names.ts";
import { Icon } from "./Icon.tsx";
import { clock, exactTime, shortTime } from "./time.ts";
import "./interaction-line.css";

export const OUTCOME_TONE: Record<Outcome, string> = {
  handled: "tone-ok",
  self_served: "tone-ok",
  abandoned: "tone-alert",
  left_in_entry: "tone-off",
  overflowed: "tone-warn",
  callback_booked: "tone-ok",
  not_reached: "tone-warn",
  failed: "tone-alert",
  lost: "tone-alert",
};

/** What an interaction came to: the wrap-up code when there is one, else the outcome or the running state. */
export function useResultWords() {
  const { t } = useTranslation();
  const { wrap_up_codes } = useDirectory();
  return (one: Interaction): string => {
    const code = one.wrap_up_code
      ? label(wrap_up_codes.find((row) => row.key === one.wrap_up_code)?.name) || one.wrap_up_code
      : "";
    if (code) return code;
    return one.outcome ? t(`outcome.${one.outcome}`) : t(`interactionState.${one.state}`);
  };
}

/** One past contact in one line: direction, when, what it came to, how long. */
export function InteractionLine({ interaction: one }: { interaction: Interaction }) {
  const { t } = useTranslation();
  const result = useResultWords();
  return (
    <div className="iline">
      <span className={one.outcome ? OUTCOME_TONE[one.outcome] : "tone-live"} title={t(`direction.${one.direction}`)}>
        <Icon name={DIRECTION_ICON[one.direction]} size={16} />
      </span>
      <span className="grow ellipsis">{result(one)}</span>
      <span className="meta ellipsis iline-agent">{one.agent_name}</span>
      <span className="meta num" title={exactTime(one.started_at)}>
        {shortTime(one.started_at)}
      </span>
      <span className="meta num iline-talk">{one.talk_ms > 0 ? clock(one.talk_ms) : "–"}</span>
    </div>
  );
}
