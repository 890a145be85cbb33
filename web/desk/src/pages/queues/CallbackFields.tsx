/** How the queue calls those back who did not want to wait. */
import type { QueueBody } from "@zhiyin/client/model";
import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { NumberField, PromptField, SecondsField } from "../../parts/config/fields.tsx";

type Callbacks = NonNullable<QueueBody["callbacks"]>;

const MODES = ["agent_first", "customer_first"] as const;
const TRIES_MAX = 10;

export const CALLBACKS: Callbacks = {
  mode: "agent_first",
  tries: 3,
  retry_gap_ms: 900_000,
  kept_ms: 86_400_000,
  ring_timeout_ms: 30_000,
  greeting: null,
};

export function callbacksBody(values: Partial<Callbacks> | undefined): Callbacks {
  const all = { ...CALLBACKS, ...values };
  return { ...all, greeting: all.greeting ?? null };
}

export function CallbackFields() {
  const { t } = useTranslation();
  const mode = Form.useWatch(["callbacks", "mode"]) as Callbacks["mode"];
  return (
    <details className="sub" data-testid="callbacks-more">
      <summary>{t("callbacks.settings")}</summary>
      <p className="meta" style={{ marginBottom: 8 }}>
        {t("callbacks.settingsHint")}
      </p>
      <Form.Item
        name={["callbacks", "mode"]}
        label={t("callbacks.mode")}
        extra={t(`callbacks.modeHint.${mode ?? "agent_first"}`)}
      >
        <Select options={MODES.map((value) => ({ value, label: t(`callbacks.modes.${value}`) }))} />
      </Form.Item>
      <div className="pair">
        <NumberField name={["callbacks", "tries"]} text={t("callbacks.triesMax")} min={1} max={TRIES_MAX} />
        <SecondsField
          name={["callbacks", "retry_gap_ms"]}
          text={t("callbacks.retryGap")}
          unit="minutes"
          min={1}
          max={10_080}
        />
        <SecondsField
          name={["callbacks", "ring_timeout_ms"]}
          text={t("callbacks.ringTimeout")}
          hint={t("callbacks.ringTimeoutHint")}
          min={10}
          max={120}
        />
        <SecondsField
          name={["callbacks", "kept_ms"]}
          text={t("callbacks.kept")}
          hint={t("callbacks.keptHint")}
          unit="hours"
          min={1}
          max={720}
        />
      </div>
      {mode === "customer_first" ? (
        <PromptField name={["callbacks", "greeting"]} text={t("callbacks.greeting")} optional />
      ) : null}
    </details>
  );
}
