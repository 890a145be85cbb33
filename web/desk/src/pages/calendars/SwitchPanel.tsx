/** What a calendar says now, and the hand that may overrule it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { calendarState, prompts, switchCalendar } from "@zhiyin/client/api";
import type { Calendar, CalendarState, CalendarSwitch } from "@zhiyin/client/model";
import { Button, Input, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../app/session.tsx";
import { currentLocale, label } from "../../i18n/index.ts";
import { Field } from "../../parts/Field.tsx";
import { problemWords } from "../../parts/problem.ts";

/** The state is looked at again this often: it changes by itself. */
const LOOK_MS = 15_000;
const POSITIONS = ["automatic", "open", "closed", "emergency"] as const;

export function useCalendarState(key: string) {
  return useQuery({
    queryKey: ["calendars", key, "state"],
    queryFn: () => calendarState(key),
    refetchInterval: LOOK_MS,
  });
}

export function stateWord(state: CalendarState): "emergency" | "open" | "closed" {
  if (state.emergency) return "emergency";
  return state.open ? "open" : "closed";
}

const TONES = { open: "ok", closed: "off", emergency: "alert" };

/** Shape, word and reason: open ●, closed ○, emergency ▲. */
export function HoursMark({ state }: { state: CalendarState }) {
  const { t } = useTranslation();
  const word = stateWord(state);
  return (
    <span className="row" style={{ gap: 6 }}>
      <svg className={`tone-${TONES[word]}`} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        {word === "open" ? <circle cx="6" cy="6" r="5" fill="currentColor" /> : null}
        {word === "closed" ? (
          <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
        ) : null}
        {word === "emergency" ? <path d="M6 1 11.5 11H.5Z" fill="currentColor" /> : null}
      </svg>
      <span>{t(`calendars.state.${word}`)}</span>
    </span>
  );
}

/** `until 18:00`, with the date when it is not today. */
export function useChangeWords(timezone: string) {
  const { t } = useTranslation();
  return (state: CalendarState): string => {
    if (!state.until) return t("calendars.noChange");
    const parts: Intl.DateTimeFormatOptions = {
      month: "numeric",
      day: "numeric",
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: timezone,
    };
    const at = new Intl.DateTimeFormat(currentLocale(), parts).format(new Date(state.until / 1000));
    return t("calendars.untilAt", { at });
  };
}

export function useWhyWords() {
  const { t } = useTranslation();
  return ({ why }: CalendarState): string => {
    const name = "name" in why && why.name ? label(why.name) : "";
    return [t(`calendars.rule.${why.rule}`), name].filter(Boolean).join(" · ");
  };
}

/** `<input type="datetime-local">` in the calendar's terms would need its zone: the browser's own is what the person sees. */
function toUs(local: string): number | null {
  const ms = new Date(local).getTime();
  return local && Number.isFinite(ms) ? ms * 1000 : null;
}

function Turn({ calendar, state }: { calendar: Calendar; state: CalendarState }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [position, setPosition] = useState<CalendarSwitch["position"]>(state.switch.position);
  const [until, setUntil] = useState("");
  const [prompt, setPrompt] = useState<string | null>(state.switch.prompt ?? null);
  const said = useQuery({ queryKey: ["prompts"], queryFn: () => prompts.list() });
  const turn = useMutation({
    mutationFn: () =>
      switchCalendar(
        calendar.key,
        position === "automatic" ? { position } : { position, until: toUs(until), prompt: prompt || null },
      ),
    onSuccess: (next) => {
      client.setQueryData(["calendars", calendar.key, "state"], next);
      setUntil("");
    },
  });
  const closes = position === "closed" || position === "emergency";
  return (
    <div className="stack">
      <Radio.Group
        value={position}
        onChange={(event) => setPosition(event.target.value)}
        optionType="button"
        options={POSITIONS.map((value) => ({ value, label: t(`calendars.switch.${value}`) }))}
        aria-label={t("calendars.switchTitle")}
        data-testid="switch-position"
      />
      <p className="meta">{t(`calendars.switchText.${position}`)}</p>
      {position === "automatic" ? null : (
        <div className="pair">
          <Field label={t("calendars.switchUntil")} id="switch-until" hint={t("calendars.switchUntilHint")}>
            <Input
              id="switch-until"
              type="datetime-local"
              value={until}
              onChange={(event) => setUntil(event.target.value)}
            />
          </Field>
          {closes ? (
            <Field label={t("calendars.switchPrompt")} id="switch-prompt">
              <Select
                id="switch-prompt"
                allowClear
                value={prompt}
                onChange={(value: string | undefined) => setPrompt(value ?? null)}
                placeholder={t("config.none")}
                loading={said.isPending}
                options={said.data?.items.map((one) => ({ value: one.key, label: label(one.name) }))}
                style={{ width: "100%" }}
              />
            </Field>
          ) : null}
        </div>
      )}
      <div className="row">
        <Button
          danger={position === "emergency"}
          loading={turn.isPending}
          onClick={() => turn.mutate()}
          data-testid="switch-turn"
        >
          {t("calendars.turn")}
        </Button>
        {turn.isError ? (
          <span role="alert" className="tone-alert">
            {problemWords(t, turn.error, { invalid: "calendars.switchInvalid" })}
          </span>
        ) : null}
      </div>
    </div>
  );
}

export function SwitchPanel({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const query = useCalendarState(calendar.key);
  const change = useChangeWords(calendar.timezone);
  const why = useWhyWords();
  const state = query.data;
  return (
    <section className="sub switch-panel" aria-label={t("calendars.now")} data-testid="calendar-now">
      {query.isError ? <p className="meta">{problemWords(t, query.error)}</p> : null}
      {state ? (
        <>
          <div className="row" aria-live="polite">
            <HoursMark state={state} />
            <span className="meta grow">{why(state)}</span>
            <span className="meta num">{change(state)}</span>
          </div>
          {can("calendar.switch") ? (
            // Begun anew when somebody else turned it.
            <Turn key={JSON.stringify(state.switch)} calendar={calendar} state={state} />
          ) : null}
        </>
      ) : null}
    </section>
  );
}
