/** What callers hear and may do while they wait. */
import { useQuery } from "@tanstack/react-query";
import { prompts, queueEstimate } from "@zhiyin/client/api";
import type { Queue, QueueBody } from "@zhiyin/client/model";
import { Button, Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { SecondsField, SwitchField } from "../../parts/config/fields.tsx";
import { WayFields, wayBody } from "../../parts/config/WayFields.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { clock } from "../../parts/time.ts";
import { DIGITS, freeDigit } from "../numbers/plan.ts";

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
  const form = Form.useFormInstance();
  const whole = ["waiting", "exits"];
  const used = () => ((form.getFieldValue(whole) ?? []) as { digit?: string }[]).map((one) => one.digit);
  const once = (_: unknown, digit: string) =>
    used().filter((one) => one === digit).length > 1
      ? Promise.reject(new Error(t("menu.digitTwice")))
      : Promise.resolve();
  return (
    <Form.List name={whole}>
      {(rows, { add, remove }) => (
        <>
          {rows.map((row) => (
            <div key={row.key} className="sub">
              <div className="sub-head">
                <Form.Item name={[row.name, "digit"]} noStyle rules={[{ validator: once }]}>
                  <Select
                    prefix={t("menu.key")}
                    style={{ width: 110 }}
                    options={DIGITS.map((digit) => ({ value: digit, label: digit }))}
                    aria-label={t("menu.key")}
                  />
                </Form.Item>
                <span className="grow" />
                <Button
                  type="text"
                  aria-label={t("common.remove")}
                  icon={<Icon name="close" size={16} />}
                  onClick={() => remove(row.name)}
                />
              </div>
              <WayFields name={[row.name, "to"]} whole={[...whole, row.name, "to"]} text={t("menu.target")} />
            </div>
          ))}
          <Button
            icon={<Icon name="plus" size={16} />}
            onClick={() => add({ digit: freeDigit(used()), to: { do: "voicemail", length_max_ms: 120_000 } })}
            disabled={rows.length >= DIGITS.length}
            style={{ marginBottom: 16 }}
          >
            {t("waiting.addExit")}
          </Button>
        </>
      )}
    </Form.List>
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
