import { testWebhook, webhooks } from "@zhiyin/client/api";
import type { Webhook, WebhookBody } from "@zhiyin/client/model";
import { App, Button, Form, Input, type TableColumnsType } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { ConfigPage } from "../../parts/config/ConfigPage.tsx";
import { useNameColumns } from "../../parts/config/columns.tsx";
import { NamedFields, SwitchField } from "../../parts/config/fields.tsx";
import { problemWords } from "../../parts/problem.ts";
import { exactTime, relativeTime } from "../../parts/time.ts";

const BLANK: Required<WebhookBody> = { key: "", name: { zh: "", en: "" }, url: "", enabled: true, secret: "" };
const URL_PATTERN = /^https?:\/\/\S+$/;

/** An empty secret is none: the stored one stays. */
function toBody({ key, name, url, enabled, secret }: WebhookBody): WebhookBody {
  const body = { key, name, url: url.trim(), enabled };
  return secret ? { ...body, secret } : body;
}

function When({ at, note }: { at: number | null; note?: string | null }) {
  if (at === null) return <span>–</span>;
  return <span title={[exactTime(at), note].filter(Boolean).join(" · ")}>{relativeTime(at)}</span>;
}

/** The last delivery decides; one that never happened says so. */
function Health({ row }: { row: Webhook }) {
  const { t } = useTranslation();
  const [ok, bad] = [row.last_success_at ?? 0, row.last_failure_at ?? 0];
  const state = !row.enabled ? "disabled" : ok === 0 && bad === 0 ? "unused" : ok >= bad ? "ok" : "failed";
  const [mark, tone] = {
    disabled: ["○", "tone-off"],
    unused: ["◌", "tone-off"],
    ok: ["●", "tone-ok"],
    failed: ["▲", "tone-alert"],
  }[state] as [string, string];
  return (
    <span className="row" style={{ gap: 6 }} title={row.last_failure ?? undefined}>
      <span className={tone} aria-hidden="true">
        {mark}
      </span>
      {t(`webhooks.state.${state}`)}
    </span>
  );
}

/** Sends a made-up alert now and says what came back. */
function Test({ row }: { row: Webhook }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      const { delivered, status, detail } = await testWebhook(row.id);
      const why = [status, detail].filter(Boolean).join(" · ");
      if (delivered) message.success(t("webhooks.delivered", { why }));
      else message.error(t("webhooks.notDelivered", { why }));
    } catch (error) {
      message.error(problemWords(t, error));
    }
    setBusy(false);
  };
  return (
    <div className="actions">
      <Button onClick={() => void run()} loading={busy} data-testid="test-webhook">
        {t("webhooks.test")}
      </Button>
      {row.last_failure ? <span className="meta">{t("webhooks.lastFailure", { why: row.last_failure })}</span> : null}
    </div>
  );
}

function Fields({ isNew }: { isNew: boolean }) {
  const { t } = useTranslation();
  const required = { required: true, message: t("config.required") };
  return (
    <>
      <NamedFields isNew={isNew} />
      <SwitchField name={["enabled"]} text={t("config.enabled")} />
      <Form.Item
        name="url"
        label={t("webhooks.url")}
        extra={t("webhooks.urlHint")}
        rules={[required, { pattern: URL_PATTERN, message: t("webhooks.urlRule") }]}
      >
        <Input type="url" autoComplete="off" placeholder="https://" />
      </Form.Item>
      <Form.Item
        name="secret"
        label={t("webhooks.secret")}
        extra={t(isNew ? "webhooks.secretHint" : "webhooks.secretKept")}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  const columns: TableColumnsType<Webhook> = [
    ...useNameColumns<Webhook>(140),
    { title: t("webhooks.url"), dataIndex: "url", ellipsis: true, width: "32%" },
    { title: t("webhooks.signed"), width: 90, render: (_, row) => t(row.has_secret ? "common.yes" : "common.no") },
    { title: t("webhooks.stateTitle"), width: 140, render: (_, row) => <Health row={row} /> },
    { title: t("webhooks.lastSuccess"), width: 130, render: (_, row) => <When at={row.last_success_at} /> },
    {
      title: t("webhooks.lastFailureAt"),
      width: 130,
      render: (_, row) => <When at={row.last_failure_at} note={row.last_failure} />,
    },
  ];
  return (
    <ConfigPage<Webhook, WebhookBody>
      resource={webhooks}
      icon="webhooks"
      words="webhooks"
      permission="config.write"
      keyOf={(row) => row.id}
      nameOf={(row) => label(row.name)}
      columns={columns}
      blank={BLANK}
      toBody={toBody}
      fields={(isNew) => <Fields isNew={isNew} />}
      actions={(row) => <Test row={row} />}
    />
  );
}
