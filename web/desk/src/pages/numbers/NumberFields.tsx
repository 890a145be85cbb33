import type { EntryPlan } from "@zhiyin/client/model";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import {
  LabelFields,
  LanguageField,
  NumberField,
  PromptField,
  QueueField,
  SecondsField,
  SwitchField,
} from "../../parts/config/fields.tsx";
import { HoursFields } from "../../parts/config/WayFields.tsx";
import { MenuFields } from "./MenuFields.tsx";
import { blankPlan, PLAN_KINDS, type PlanKind } from "./plan.ts";

const PRIORITY_MAX = 9;

function PlanFields({ kind }: { kind: PlanKind }) {
  const { t } = useTranslation();
  switch (kind) {
    case "ivr":
      return (
        <>
          <Notices />
          <MenuFields />
        </>
      );
    case "queue":
      return (
        <>
          <Notices />
          <div className="pair">
            <QueueField name={["plan", "queue"]} text={t("numbers.queue")} />
            <NumberField name={["plan", "priority"]} text={t("numbers.priority")} max={PRIORITY_MAX} />
          </div>
        </>
      );
    case "prompt":
      return <PromptField name={["plan", "prompt"]} text={t("numbers.prompt")} />;
    case "voicemail":
      return (
        <div className="pair">
          <PromptField name={["plan", "greeting"]} text={t("numbers.greeting")} />
          <SecondsField name={["plan", "length_max_ms"]} text={t("numbers.lengthMax")} min={1} />
        </div>
      );
    case "bridge":
      return (
        <>
          <Form.Item
            name={["plan", "target"]}
            label={t("numbers.target")}
            extra={t("numbers.targetHint")}
            rules={[{ required: true, message: t("config.required") }]}
          >
            <Input placeholder="sip:agent@192.0.2.10:5060" />
          </Form.Item>
          <SwitchField name={["plan", "record"]} text={t("queues.record")} />
        </>
      );
    case "echo":
      return <p className="meta">{t("numbers.echoText")}</p>;
  }
}

function Notices() {
  const { t } = useTranslation();
  return (
    <div className="pair">
      <PromptField name={["plan", "welcome"]} text={t("numbers.welcome")} optional />
      <PromptField name={["plan", "recording_notice"]} text={t("numbers.recordingNotice")} optional />
    </div>
  );
}

export function NumberFields() {
  const { t } = useTranslation();
  const form = Form.useFormInstance();
  const kind =
    (Form.useWatch(["plan", "does"]) as PlanKind | undefined) ?? (form.getFieldValue(["plan", "does"]) as PlanKind);
  // Another kind has other fields: begin it with sensible ones instead of the old kind's leavings.
  const change = (next: PlanKind) => form.setFieldValue("plan", blankPlan(next) satisfies EntryPlan);
  return (
    <>
      <Form.Item
        name="number"
        label={t("numbers.number")}
        rules={[{ required: true, pattern: /^\+?[0-9*#]{1,32}$/, message: t("numbers.numberRule") }]}
      >
        <Input inputMode="tel" />
      </Form.Item>
      <LabelFields name={["name"]} text={t("numbers.name")} />
      <LanguageField name="language" text={t("numbers.language")} hint={t("numbers.languageHint")} />
      <SwitchField name={["enabled"]} text={t("config.enabled")} />
      <Form.Item name={["plan", "does"]} label={t("numbers.plan")}>
        <Select
          onChange={change}
          options={PLAN_KINDS.map((value) => ({ value, label: t(`plan.${value}`) }))}
          data-testid="plan-does"
        />
      </Form.Item>
      <PlanFields kind={kind} />
      {kind === "ivr" || kind === "queue" ? (
        <SecondsField
          name={["announcement_wait_ms"]}
          text={t("numbers.announcement")}
          hint={t("numbers.announcementHint")}
          max={10}
        />
      ) : null}
      <HoursFields />
    </>
  );
}
