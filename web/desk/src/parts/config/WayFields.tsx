/** The ways out of a line, and opening hours with the way that a caller goes who comes too late. */
import { useQuery } from "@tanstack/react-query";
import { calendars } from "@zhiyin/client/api";
import type { Overflow } from "@zhiyin/client/model";
import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { type Path, PromptField, QueueField, SecondsField } from "./fields.tsx";

const WAYS = ["hang_up", "queue", "voicemail", "callback"] as const;
const MESSAGE_MAX_MS = 120_000;

/** Only what the chosen way has: the API refuses fields it does not know. */
export function wayBody(way: Overflow | undefined): Overflow {
  switch (way?.do) {
    case "queue":
      return { do: "queue", queue: way.queue };
    case "voicemail":
      return { do: "voicemail", greeting: way.greeting, length_max_ms: way.length_max_ms ?? MESSAGE_MAX_MS };
    case "callback":
      return { do: "callback", ask: way.ask, other: way.other ?? null, booked: way.booked ?? null };
    default:
      return { do: "hang_up", prompt: way?.prompt ?? null };
  }
}

/** `whole` is the path from the form's root where `name` is only the one below a list's item. */
export function WayFields({ name, whole = name, text }: { name: Path; whole?: Path; text: string }) {
  const { t } = useTranslation();
  const kind = Form.useWatch([...whole, "do"]) as Overflow["do"] | undefined;
  return (
    <div className="pair">
      <Form.Item name={[...name, "do"]} label={text} initialValue="hang_up">
        <Select options={WAYS.map((value) => ({ value, label: t(`way.${value}`) }))} />
      </Form.Item>
      {kind === "queue" ? <QueueField name={[...name, "queue"]} text={t("way.to")} /> : null}
      {kind === "voicemail" ? <PromptField name={[...name, "greeting"]} text={t("numbers.greeting")} /> : null}
      {kind === "hang_up" ? <PromptField name={[...name, "prompt"]} text={t("way.prompt")} optional /> : null}
      {kind === "callback" ? (
        <>
          <PromptField name={[...name, "ask"]} text={t("way.ask")} />
          <PromptField name={[...name, "other"]} text={t("way.other")} optional />
          <PromptField name={[...name, "booked"]} text={t("way.booked")} optional />
        </>
      ) : null}
      {kind === "voicemail" ? (
        <SecondsField name={[...name, "length_max_ms"]} text={t("numbers.lengthMax")} min={1} max={600} />
      ) : null}
    </div>
  );
}

/** When it is open, by a calendar's key, and where callers go outside of that. */
export function HoursFields({ queue = false }: { queue?: boolean }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["calendars"], queryFn: () => calendars.list() });
  const options = query.data?.items.map((one) => ({ value: one.key, label: `${label(one.name)} · ${one.key}` }));
  const hours = Form.useWatch("hours") as string | null | undefined;
  return (
    <>
      <Form.Item name="hours" label={t("way.hours")}>
        <Select allowClear placeholder={t("way.always")} loading={query.isPending} options={options} />
      </Form.Item>
      {hours ? <WayFields name={["closed"]} text={t("way.closed")} /> : null}
      {hours && queue ? (
        <Form.Item name="closing" label={t("way.closing")}>
          <Select
            options={(["serve", "leave"] as const).map((value) => ({ value, label: t(`way.closingTo.${value}`) }))}
          />
        </Form.Item>
      ) : null}
    </>
  );
}
