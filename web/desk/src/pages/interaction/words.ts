/** What happened, in words: results of segments and the fields of events. */
import type { HistoryEvent } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { clock } from "../../parts/time.ts";

const DIGIT = /^digit_(.)$/;

/** How a stretch ended. A word that this page does not know is shown as it is. */
export function useResultWord(): (word: string | null | undefined) => string {
  const { t } = useTranslation();
  return (word) => {
    if (!word) return "";
    const digit = DIGIT.exec(word)?.[1];
    return digit ? t("rule.is.menuDigit", { value: digit }) : t(`segmentResult.${word}`, { defaultValue: word });
  };
}

type Data = Record<string, unknown>;
type Word = (data: Data, event: HistoryEvent) => (string | false | null | undefined)[];

const text = (value: unknown) => (typeof value === "string" ? value : "");
const ms = (value: unknown) => (typeof value === "number" ? clock(value) : "");

function useWords(): Record<string, Word> {
  const { t } = useTranslation();
  const { agents, queues, wrap_up_codes, break_reasons } = useDirectory();
  const result = useResultWord();
  const agent = (id: unknown) => agents.find((one) => one.id === id)?.display_name;
  const queue = (id: unknown) => label(queues.find((one) => one.id === id)?.name);
  const reason = (word: unknown) =>
    label(break_reasons.find((one) => one.key === word)?.name) || t(`away.${text(word)}`, { defaultValue: text(word) });
  const code = (key: unknown) => label(wrap_up_codes.find((one) => one.key === key)?.name) || text(key);
  const who = (event: HistoryEvent) => agent(event.agent);
  const of = (event: HistoryEvent) => queue(event.queue);
  return {
    interaction_started: (d) => [
      t(`direction.${text(d.direction)}`, { defaultValue: "" }),
      t(`channel.${text(d.channel)}`, { defaultValue: "" }),
      `${text(d.remote)} → ${text(d.local)}`,
    ],
    segment_started: (d) => [t(`segment.${text(d.segment)}`, { defaultValue: text(d.segment) })],
    segment_ended: (d) => [t(`segment.${text(d.segment)}`, { defaultValue: text(d.segment) }), result(text(d.result))],
    queued: (d, e) => [of(e), Boolean(d.priority) && t("team.priority", { level: d.priority })],
    dequeued: (d, e) => [of(e), result(text(d.reason)), t("words.waited", { time: ms(d.wait_ms) })],
    place_resumed: (d, e) => [of(e), t("words.waited", { time: ms(d.waited_ms) })],
    overflowed: (d, e) => [of(e), result(text(d.reason)), d.to ? `→ ${queue(d.to)}` : ""],
    offered: (d, e) => [who(e), t("words.ringsFor", { time: ms(d.ring_timeout_ms) })],
    routed: (_, e) => [who(e)],
    offer_ended: (d, e) => [who(e), result(text(d.result))],
    answered: (d, e) => [who(e), t("words.waited", { time: ms(d.wait_ms) })],
    held: (_, e) => [who(e)],
    unheld: (_, e) => [who(e)],
    muted: (d, e) => [who(e), t(d.muted ? "config.on" : "config.off")],
    digit: (d) => [text(d.digit)],
    transferred: (d, e) => [who(e), d.to ? `→ ${text(d.to)}` : ""],
    supervised: (d) => [agent(d.by), d.mode ? t(`monitorCall.mode.${text(d.mode)}`) : t("monitorCall.leave")],
    recording_started: () => [],
    recording_ended: (d) => [ms(d.duration_ms)],
    interaction_ended: (d) => [t(`outcome.${text(d.outcome)}`, { defaultValue: text(d.outcome) })],
    wrap_up_done: (d, e) => [who(e), code(d.code), ms(d.took_ms)],
    agent_status_changed: (d, e) => [
      who(e),
      `${t(`state.${text(d.from)}`, { defaultValue: text(d.from) })} ${ms(d.was_ms)} → ${t(`state.${text(d.to)}`, { defaultValue: text(d.to) })}`,
      reason(d.reason),
    ],
    break_requested: (d, e) => [who(e), reason(d.reason)],
    break_overstayed: (d, e) => [who(e), reason(d.reason), ms(d.was_ms)],
  };
}

/** The fields of a kind that this page does not know, as they came. */
const plain: Word = (data) =>
  Object.entries(data)
    .filter(([, value]) => value !== null && typeof value !== "object")
    .map(([name, value]) => `${name} ${String(value)}`);

/** What belongs to an event of its kind, in one line. */
export function useEventWords(): (event: HistoryEvent) => string {
  const words = useWords();
  return (event) => {
    const word = Object.hasOwn(words, event.type) ? (words[event.type] ?? plain) : plain;
    return word((event.data ?? {}) as Data, event)
      .filter(Boolean)
      .join(" · ");
  };
}
