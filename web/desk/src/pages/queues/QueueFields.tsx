import { Button, Form, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { NamedFields, NumberField, PromptField, SecondsField, SwitchField } from "../../parts/config/fields.tsx";
import { HoursFields, WayFields } from "../../parts/config/WayFields.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { RemoveButton } from "../../parts/RemoveButton.tsx";
import { CallbackFields } from "./CallbackFields.tsx";
import { MeasureFields } from "./MeasureFields.tsx";
import { RoutingFields } from "./RoutingFields.tsx";
import { WaitingFields } from "./WaitingFields.tsx";

const LEVEL_MAX = 9;
const LEVELS = Array.from({ length: LEVEL_MAX }, (_, at) => ({ value: at + 1, label: String(at + 1) }));

function Members() {
  const { t } = useTranslation();
  const { agents } = useDirectory();
  const weighted = Form.useWatch("strategy") === "weighted_random";
  const people = agents.map((one) => ({
    value: one.id,
    label: one.extension ? `${one.display_name} · ${one.extension}` : one.display_name,
  }));
  return (
    <Form.List name="members">
      {(rows, { add, remove }) => (
        <div className="sub">
          <div className="sub-head">
            <h2 className="grow minor">{t("queues.members")}</h2>
            <span className="meta">{t("queues.levelHint")}</span>
          </div>
          {rows.map((row) => (
            <div key={row.key} className="member-row">
              <Form.Item name={[row.name, "user"]} rules={[{ required: true, message: t("config.required") }]}>
                <Select showSearch={{ optionFilterProp: "label" }} options={people} aria-label={t("queues.member")} />
              </Form.Item>
              <Form.Item name={[row.name, "level"]}>
                <Select options={LEVELS} prefix={t("queues.level")} aria-label={t("queues.level")} />
              </Form.Item>
              {weighted ? (
                <Form.Item name={[row.name, "weight"]}>
                  <InputNumber min={0} max={1000} prefix={t("queues.weight")} aria-label={t("queues.weight")} />
                </Form.Item>
              ) : null}
              <RemoveButton onClick={() => remove(row.name)} />
            </div>
          ))}
          <Button
            icon={<Icon name="plus" size={16} />}
            onClick={() => add({ level: 1, weight: 1 })}
            style={{ marginBottom: 16 }}
          >
            {t("queues.addMember")}
          </Button>
        </div>
      )}
    </Form.List>
  );
}

export function QueueFields({ isNew }: { isNew: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <NamedFields isNew={isNew} />
      <Members />
      <RoutingFields />
      <div className="pair">
        <SecondsField
          name={["ring_timeout_ms"]}
          text={t("queues.ringTimeout")}
          hint={t("queues.ringTimeoutHint")}
          min={5}
          max={120}
        />
        <SecondsField name={["wrap_up_ms"]} text={t("queues.wrapUp")} hint={t("queues.wrapUpHint")} />
        <SecondsField name={["wait_max_ms"]} text={t("queues.waitMax")} hint={t("queues.waitMaxHint")} min={1} />
        <NumberField name={["queue_len_max"]} text={t("queues.lenMax")} hint={t("queues.lenMaxHint")} min={1} />
        <SecondsField name={["announce_every_ms"]} text={t("queues.announce")} hint={t("queues.announceHint")} />
        <NumberField name={["service_level_threshold_s"]} text={t("queues.serviceLevelS")} min={1} />
      </div>
      <WayFields name={["overflow"]} text={t("queues.overflow")} />
      <HoursFields queue />
      <WaitingFields />
      <CallbackFields />
      <MeasureFields />
      <PromptField name={["music"]} text={t("queues.music")} />
      <SwitchField name={["record"]} text={t("queues.record")} hint={t("queues.recordHint")} />
    </>
  );
}
