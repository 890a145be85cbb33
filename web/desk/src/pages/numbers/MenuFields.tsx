import { Button, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import {
  LabelFields,
  NumberField,
  type Path,
  PromptField,
  QueueField,
  SecondsField,
} from "../../parts/config/fields.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { DIGITS, freeDigit } from "./plan.ts";

const TARGETS = ["queue", "prompt", "repeat", "hang_up"] as const;
const REPEATS_MAX = 9;

/** Where a key leads. `whole` is the path from the form's root, `name` the one below the list's item. */
function TargetFields({ name, whole }: { name: Path; whole: Path }) {
  const { t } = useTranslation();
  const kind = Form.useWatch([...whole, "to"]) as (typeof TARGETS)[number] | undefined;
  return (
    <div className="pair">
      <Form.Item name={[...name, "to"]} label={t("menu.target")}>
        <Select options={TARGETS.map((value) => ({ value, label: t(`menu.to.${value}`) }))} />
      </Form.Item>
      {kind === "queue" ? <QueueField name={[...name, "queue"]} text={t("numbers.queue")} /> : null}
      {kind === "queue" ? <NumberField name={[...name, "priority"]} text={t("numbers.priority")} max={9} /> : null}
      {kind === "prompt" ? <PromptField name={[...name, "prompt"]} text={t("numbers.prompt")} /> : null}
      {kind === "hang_up" ? <PromptField name={[...name, "prompt"]} text={t("menu.goodbye")} optional /> : null}
    </div>
  );
}

function Options() {
  const { t } = useTranslation();
  const form = Form.useFormInstance();
  const whole = ["plan", "menu", "options"];
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
              <LabelFields name={[row.name, "label"]} text={t("menu.label")} />
              <TargetFields name={[row.name, "target"]} whole={[...whole, row.name, "target"]} />
              <Form.Item name={[row.name, "needs"]} label={t("routing.needs")} extra={t("menu.needsHint")}>
                <Input placeholder="english >= 3" />
              </Form.Item>
            </div>
          ))}
          <Button
            icon={<Icon name="plus" size={16} />}
            onClick={() =>
              add({
                digit: freeDigit(used()),
                label: { zh: "", en: "" },
                target: { to: "queue", priority: 0 },
                needs: null,
              })
            }
            disabled={rows.length >= DIGITS.length}
            style={{ marginBottom: 16 }}
          >
            {t("menu.add")}
          </Button>
        </>
      )}
    </Form.List>
  );
}

/** One level of "press 1 for …". */
export function MenuFields() {
  const { t } = useTranslation();
  return (
    <>
      <PromptField name={["plan", "menu", "prompt"]} text={t("menu.prompt")} />
      <div className="pair">
        <SecondsField name={["plan", "menu", "timeout_ms"]} text={t("menu.timeout")} min={1} />
        <NumberField name={["plan", "menu", "repeats"]} text={t("menu.repeats")} max={REPEATS_MAX} />
      </div>
      <h2 className="minor" style={{ marginBottom: 8 }}>
        {t("menu.options")}
      </h2>
      <Options />
      <h2 className="minor" style={{ marginBottom: 8 }}>
        {t("menu.otherwise")}
      </h2>
      <TargetFields name={["plan", "menu", "otherwise"]} whole={["plan", "menu", "otherwise"]} />
    </>
  );
}
