import { useQuery } from "@tanstack/react-query";
import { webhooks } from "@zhiyin/client/api";
import { Button, DatePicker, Form, Input, Segmented, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { NamedFields, SwitchField } from "../../parts/config/fields.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { RemoveButton } from "../../parts/RemoveButton.tsx";
import { ConditionFields } from "./ConditionFields.tsx";
import { OptionalSeconds, RatioField } from "./fields.tsx";
import { BLANK_CONDITION, CONDITIONS_MAX, MUTES_MAX, minutesOf } from "./rule.ts";

function Conditions() {
  const { t } = useTranslation();
  const count = (Form.useWatch("conditions") as unknown[] | undefined)?.length ?? 0;
  return (
    <fieldset className="plain-set">
      <legend className="sub-head">
        <span className="minor">{t("alertRules.conditions")}</span>
      </legend>
      {/* Outside of the list: inside, its name would be a name of the list. */}
      {count > 1 ? (
        <Form.Item name="join">
          <Segmented
            options={(["all", "any"] as const).map((value) => ({ value, label: t(`alertRules.joins.${value}`) }))}
          />
        </Form.Item>
      ) : null}
      <Form.List name="conditions">
        {(rows, { add, remove }) => (
          <>
            {rows.map((row) => (
              <ConditionFields
                key={row.key}
                at={row.name}
                onRemove={rows.length > 1 ? () => remove(row.name) : undefined}
              />
            ))}
            {rows.length < CONDITIONS_MAX ? (
              <Button
                icon={<Icon name="plus" size={16} />}
                onClick={() => add(BLANK_CONDITION)}
                style={{ marginBottom: 16 }}
              >
                {t("alertRules.addCondition")}
              </Button>
            ) : null}
          </>
        )}
      </Form.List>
    </fieldset>
  );
}

interface Between {
  id?: string;
  value?: [number, number] | null;
  onChange?: (value: [number, number] | null) => void;
}

function BetweenPicker({ id, value, onChange }: Between) {
  return (
    <DatePicker.RangePicker
      id={id ? { start: id } : undefined}
      showTime={{ format: "HH:mm" }}
      format="YYYY-MM-DD HH:mm"
      value={value ? [dayjs(value[0]), dayjs(value[1])] : null}
      onChange={(days) => onChange?.(days?.[0] && days[1] ? [days[0].valueOf(), days[1].valueOf()] : null)}
      style={{ width: "100%" }}
    />
  );
}

function MuteRow({ at, onRemove }: { at: number; onRemove: () => void }) {
  const { t } = useTranslation();
  const when = Form.useWatch(["mutes", at, "when"]) as "daily" | "once" | undefined;
  const time = {
    validator: (_: unknown, text: string) =>
      minutesOf(text ?? "") === null ? Promise.reject(new Error(t("alertRules.timeRule"))) : Promise.resolve(),
  };
  return (
    <div className="mute-row">
      <Form.Item name={[at, "when"]}>
        <Select
          aria-label={t("alertRules.mutes")}
          options={(["daily", "once"] as const).map((value) => ({ value, label: t(`alertRules.mute.${value}`) }))}
        />
      </Form.Item>
      {when === "once" ? (
        <Form.Item
          name={[at, "between"]}
          className="mute-between"
          rules={[{ required: true, message: t("config.required") }]}
        >
          <BetweenPicker />
        </Form.Item>
      ) : (
        <>
          <Form.Item name={[at, "from"]} rules={[time]}>
            <Input prefix={t("alertRules.from")} placeholder="22:00" aria-label={t("alertRules.from")} />
          </Form.Item>
          <Form.Item name={[at, "until"]} rules={[time]}>
            <Input prefix={t("alertRules.until")} placeholder="07:30" aria-label={t("alertRules.until")} />
          </Form.Item>
        </>
      )}
      <RemoveButton onClick={onRemove} />
    </div>
  );
}

function Mutes() {
  const { t } = useTranslation();
  return (
    <Form.List name="mutes">
      {(rows, { add, remove }) => (
        <fieldset className="plain-set">
          <legend className="sub-head">
            <span className="minor">{t("alertRules.mutes")}</span>
            <span className="meta">{t("alertRules.mutesHint")}</span>
          </legend>
          {rows.map((row) => (
            <MuteRow key={row.key} at={row.name} onRemove={() => remove(row.name)} />
          ))}
          {rows.length < MUTES_MAX ? (
            <Button
              icon={<Icon name="plus" size={16} />}
              onClick={() => add({ when: "daily", from: "22:00", until: "07:00" })}
              style={{ marginBottom: 16 }}
            >
              {t("alertRules.addMute")}
            </Button>
          ) : null}
        </fieldset>
      )}
    </Form.List>
  );
}

function Targets() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["webhooks"], queryFn: () => webhooks.list() });
  const options = [
    { value: "app", label: t("alertRules.toApp") },
    ...(query.data?.items ?? []).map((one) => ({ value: `webhook:${one.key}`, label: label(one.name) || one.key })),
  ];
  return (
    <Form.Item name="targets" label={t("alertRules.notify")} extra={t("alertRules.notifyHint")}>
      <Select mode="multiple" loading={query.isPending} options={options} optionFilterProp="label" />
    </Form.Item>
  );
}

export function RuleFields({ isNew }: { isNew: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <NamedFields isNew={isNew} />
      <SwitchField name={["enabled"]} text={t("config.enabled")} />
      <div className="pair">
        <Form.Item name="level" label={t("alertRules.level")}>
          <Select options={(["warn", "critical"] as const).map((value) => ({ value, label: t(`level.${value}`) }))} />
        </Form.Item>
        <Form.Item name="each" label={t("alertRules.each")} extra={t("alertRules.eachHint")}>
          <Select
            options={(["none", "queue", "agent"] as const).map((value) => ({
              value,
              label: t(`alertRules.eachOf.${value}`),
            }))}
          />
        </Form.Item>
      </div>
      <Conditions />
      <div className="pair">
        <RatioField name="clear_ratio" text={t("thresholds.clearRatio")} hint={t("alertRules.clearHint")} />
        <Form.Item name="escalate_after_ms" label={t("alertRules.escalate")} extra={t("alertRules.escalateHint")}>
          <OptionalSeconds />
        </Form.Item>
      </div>
      <Targets />
      <Mutes />
    </>
  );
}
