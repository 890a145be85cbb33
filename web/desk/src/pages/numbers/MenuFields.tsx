import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { DigitRows } from "../../parts/config/DigitRows.tsx";
import {
  LabelFields,
  NumberField,
  type Path,
  PromptField,
  QueueField,
  SecondsField,
} from "../../parts/config/fields.tsx";

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
  const whole = ["plan", "menu", "options"];
  const blank = { label: { zh: "", en: "" }, target: { to: "queue", priority: 0 }, needs: null };
  return (
    <DigitRows name={whole} add={t("menu.add")} blank={blank}>
      {(row) => (
        <>
          <LabelFields name={[row, "label"]} text={t("menu.label")} />
          <TargetFields name={[row, "target"]} whole={[...whole, row, "target"]} />
          <Form.Item name={[row, "needs"]} label={t("routing.needs")} extra={t("menu.needsHint")}>
            <Input placeholder="english >= 3" />
          </Form.Item>
        </>
      )}
    </DigitRows>
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
      <h2 className="minor">{t("menu.options")}</h2>
      <Options />
      <h2 className="minor">{t("menu.otherwise")}</h2>
      <TargetFields name={["plan", "menu", "otherwise"]} whole={["plan", "menu", "otherwise"]} />
    </>
  );
}
