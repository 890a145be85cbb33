/** What callers hear and may do while they wait. */
import { useQuery } from "@tanstack/react-query";
import { prompts, queueEstimate } from "@zhiyin/client/api";
import type { Queue, QueueBody } from "@zhiyin/client/model";
import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { DigitRows } from "../../parts/config/DigitRows.tsx";
import { SecondsField, SwitchField } from "../../parts/config/fields.tsx";
import { WayFields, wayBody } from "../../parts/config/WayFields.tsx";
import { clock } from "../../parts/time.ts";

type Waiting = NonNullable<QueueBody["waiting"]>;

const LOOK_MS = 5_000;

export const WAITING: Waiting = {
  comfort: [],
  comfort_every_ms: 0,
  exits: [],
  say_estimate: false,
  estimate_max_ms: 0,
};

export function waitingBody(values: Partial<Waiting> | undefined): Waiting {
  const { exits, ...rest } = { ...WAITING, ...values };
  return { ...rest, exits: (exits ?? []).map((one) => ({ digit: one.digit, to: wayBody(one.to) })) };
}

function Comfort() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["prompts"], queryFn: () => prompts.list() });
  const options = query.data?.items.map((one) => ({ value: one.key, label: `${label(one.name)} · ${one.key}` }));
  return (
    <div className="pair">
      <Form.Item name={["waiting", "comfort"]} label={t("waiting.comfort")} extra={t("waiting.comfortHint")}>
        <Select mode="multiple" loading={query.isPending} options={options} placeholder={t("config.none")} />
      </Form.Item>
      <SecondsField
        name={["waiting", "comfort_every_ms"]}
        text={t("waiting.comfortEvery")}
        hint={t("waiting.zeroNever")}
      />
    </div>
  );
}

function Exits() {
  const { t } = useTranslation();
  const whole = ["waiting", "exits"];
  return (
    <DigitRows name={whole} add={t("waiting.addExit")} blank={{ to: { do: "voicemail", length_max_ms: 120_000 } }}>
      {(row) => <WayFields name={[row, "to"]} whole={[...whole, row, "to"]} text={t("menu.target")} />}
    </DigitRows>
  );
}

export function WaitingFields() {
  const { t } = useTranslation();
  return (
    <details className="sub" data-testid="waiting-more">
      <summary>{t("waiting.more")}</summary>
      <Comfort />
      <SwitchField
        name={["waiting", "say_estimate"]}
        text={t("waiting.sayEstimate")}
        hint={t("waiting.sayEstimateHint")}
      />
      <SecondsField
        name={["waiting", "estimate_max_ms"]}
        text={t("waiting.estimateMax")}
        hint={t("waiting.zeroNever")}
      />
      <h2 className="minor">{t("waiting.exits")}</h2>
      <p className="meta" style={{ marginBottom: 8 }}>
        {t("waiting.exitsHint")}
      </p>
      <Exits />
    </details>
  );
}

/** What a caller who comes now would be told, and how good that has been. */
export function EstimateNow({ queue }: { queue: Queue }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["queues", queue.id, "estimate"],
    queryFn: () => queueEstimate(queue.id),
    refetchInterval: LOOK_MS,
  });
  const now = query.data;
  if (!now) return null;
  const { quality } = now;
  return (
    <section className="sub" style={{ paddingBottom: 12 }} data-testid="queue-estimate">
      <div className="row">
        <h2 className="grow minor">{t("waiting.estimate")}</h2>
        <span className="num">
          {now.p50_ms === undefined || now.p50_ms === null
            ? t("waiting.nobodyServes")
            : t("waiting.estimateNow", { p50: clock(now.p50_ms), p90: clock(now.p90_ms ?? 0) })}
        </span>
      </div>
      <p className="meta num">
        {quality.samples > 0
          ? t("waiting.quality", {
              count: quality.samples,
              p50: clock(quality.error_p50_ms),
              p90: clock(quality.error_p90_ms),
            })
          : t("waiting.noQuality")}
        {" · "}
        {t(now.speakable ? "waiting.speakable" : "waiting.notSpeakable")}
      </p>
    </section>
  );
}
