import { useMutation, useQueryClient } from "@tanstack/react-query";
import { interactions } from "@zhiyin/client/api";
import { App, Button, Input } from "antd";
import { useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { keyOf, useKeys } from "../../keys/useKeys.ts";
import { useLive } from "../../live/store.ts";
import { problemWords } from "../../parts/problem.ts";
import { clock, elapsedMs, useTick } from "../../parts/time.ts";
import type { Current } from "./useCurrent.ts";
import { useDraft } from "./useDraft.ts";

const NOTE_MAX = 4000;
/** What was written is sent by itself this long before the time is over. */
const SEND_BEFORE_MS = 1500;

function useLeftMs(current: Current, closing: boolean): { left: number; whole: number } | null {
  useTick();
  const { queues } = useDirectory();
  const since = useLive((state) => state.agent?.since);
  const whole = queues.find((one) => one.id === current.queue)?.wrap_up_ms ?? 0;
  if (!closing || !since || whole === 0) return null;
  return { left: Math.max(0, whole - elapsedMs(since)), whole };
}

function Codes({ value, onChange }: { value: string; onChange: (key: string) => void }) {
  const { t } = useTranslation();
  const { wrap_up_codes } = useDirectory();
  return (
    <fieldset className="codes plain-set" data-testid="wrapup-code">
      <legend className="visually-hidden">{t("wrapUp.code")}</legend>
      {wrap_up_codes.map((one) => (
        <label key={one.key} className="code">
          <input
            type="radio"
            name="wrapup-code"
            value={one.key}
            checked={value === one.key}
            onChange={() => onChange(one.key)}
            data-testid={`wrapup-code-${one.key}`}
          />
          <span>{label(one.name)}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Code and note; may be written while the call still runs, ends the wrap-up when it is over. */
export function WrapUp({ current, closing }: { current: Current; closing: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [draft, setDraft, clearDraft] = useDraft(current.interaction);
  const time = useLeftMs(current, closing);
  const sent = useRef(false);
  const save = useMutation({
    mutationFn: () =>
      interactions.wrapUp(current.interaction, { code: draft.code || undefined, note: draft.note.trim() || undefined }),
    onSuccess: () => {
      clearDraft();
      void client.invalidateQueries({ queryKey: ["interactions"] });
    },
    onError: (error) => {
      sent.current = false;
      message.error(problemWords(t, error));
    },
  });
  const { mutate } = save;
  const finish = useCallback(() => {
    if (sent.current) return;
    sent.current = true;
    mutate();
  }, [mutate]);
  const written = draft.code !== "" || draft.note.trim() !== "";
  const nearEnd = time !== null && time.left <= SEND_BEFORE_MS;
  useEffect(() => {
    if (nearEnd && written) finish();
  }, [nearEnd, written, finish]);
  useKeys(closing ? { wrapup: finish } : {});
  return (
    <section className={`wrap ${closing ? "wrap-closing" : ""}`} aria-label={t("wrapUp.title")} data-testid="wrapup">
      <div className="row">
        <h2 className="side-title grow">{t("wrapUp.title")}</h2>
        {time ? (
          <span className={`num ${time.left < 10_000 ? "tone-alert" : "tone-warn"}`} role="timer">
            {clock(time.left + 999)}
          </span>
        ) : null}
      </div>
      {time ? (
        <div className="wrap-bar" aria-hidden="true">
          <span style={{ transform: `scaleX(${time.left / time.whole})` }} />
        </div>
      ) : null}
      <Codes value={draft.code} onChange={(code) => setDraft({ ...draft, code })} />
      <Input.TextArea
        className="wrap-note"
        value={draft.note}
        maxLength={NOTE_MAX}
        placeholder={t("wrapUp.notePlaceholder")}
        aria-label={t("wrapUp.note")}
        onChange={(event) => setDraft({ ...draft, note: event.target.value })}
        data-testid="wrapup-note"
      />
      <div className="row">
        <span className="meta grow">{closing ? "" : t("wrapUp.early")}</span>
        <Button
          type={closing ? "primary" : "default"}
          disabled={!closing}
          loading={save.isPending}
          onClick={finish}
          aria-keyshortcuts={keyOf("wrapup")}
          data-testid="wrapup-done"
        >
          {t("wrapUp.done")} <span className="offer-key">{keyOf("wrapup")}</span>
        </Button>
      </div>
    </section>
  );
}
