/** Form fields that several configuration pages share. */
import { useQuery } from "@tanstack/react-query";
import { prompts, queues } from "@zhiyin/client/api";
import { Form, Input, InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import "./fields.css";

export type Path = (string | number)[];

const KEY_PATTERN = /^[a-z0-9_-]{1,40}$/;

/** A display text in both languages. `base` is the path below a list's item, where the rule needs the whole path. */
export function LabelFields({ name, text }: { name: Path; text: string }) {
  const { t } = useTranslation();
  return (
    <div className="pair">
      <Form.Item
        name={[...name, "zh"]}
        label={`${text} · ${t("config.zh")}`}
        rules={[{ required: true, message: t("config.required") }]}
      >
        <Input />
      </Form.Item>
      <Form.Item
        name={[...name, "en"]}
        label={`${text} · ${t("config.en")}`}
        rules={[{ required: true, message: t("config.required") }]}
      >
        <Input />
      </Form.Item>
    </div>
  );
}

export function LanguageField({ name, text, hint }: { name: string; text: string; hint?: string }) {
  const { t } = useTranslation();
  const options = [
    { value: "zh-CN", label: t("profile.zh") },
    { value: "en", label: t("profile.en") },
  ];
  return (
    <Form.Item name={name} label={text} extra={hint}>
      <Select options={options} />
    </Form.Item>
  );
}

/** The stable natural key: given once, never changed. */
export function KeyField({ isNew, name = ["key"] }: { isNew: boolean; name?: Path }) {
  const { t } = useTranslation();
  return (
    <Form.Item
      name={name}
      label={t("config.key")}
      extra={t("config.keyHint")}
      rules={[{ required: true, pattern: KEY_PATTERN, message: t("config.keyRule") }]}
    >
      <Input disabled={!isNew} autoComplete="off" />
    </Form.Item>
  );
}

/** How a thing of the set-up begins: its key, and its name in both languages. */
export function NamedFields({ isNew }: { isNew: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <KeyField isNew={isNew} />
      <LabelFields name={["name"]} text={t("config.name")} />
    </>
  );
}

const UNIT_MS = { seconds: 1000, minutes: 60_000, hours: 3_600_000 } as const;
export type Unit = keyof typeof UNIT_MS;

/** Seconds (or what `unit` says) for people, milliseconds in the data; for use inside a form's item. */
export function Seconds({
  value,
  onChange,
  min,
  max,
  id,
  name,
  unit = "seconds",
}: {
  value?: number | null;
  onChange?: (ms: number) => void;
  min?: number;
  max?: number;
  id?: string;
  /** The accessible name, where the label is another control's. */
  name?: string;
  unit?: Unit;
}) {
  const { t } = useTranslation();
  return (
    <InputNumber
      id={id}
      aria-label={name}
      min={min}
      max={max}
      value={typeof value === "number" ? value / UNIT_MS[unit] : undefined}
      onChange={(count) => onChange?.(Math.round((count ?? 0) * UNIT_MS[unit]))}
      suffix={t(`config.${unit}`)}
      style={{ width: "100%" }}
    />
  );
}

/** A duration: milliseconds in the data, seconds (or what `unit` says) for people. */
export function SecondsField(props: {
  name: Path;
  text: string;
  hint?: string;
  min?: number;
  max?: number;
  unit?: Unit;
}) {
  return (
    <Form.Item name={props.name} label={props.text} extra={props.hint}>
      <Seconds min={props.min ?? 0} max={props.max} unit={props.unit} />
    </Form.Item>
  );
}

export function NumberField(props: { name: Path; text: string; hint?: string; min?: number; max?: number }) {
  return (
    <Form.Item name={props.name} label={props.text} extra={props.hint}>
      <InputNumber min={props.min ?? 0} max={props.max} style={{ width: "100%" }} />
    </Form.Item>
  );
}

export function SwitchField({ name, text, hint }: { name: Path; text: string; hint?: string }) {
  const id = `switch-${name.join("-")}`;
  return (
    <div className="switch-field">
      <Form.Item name={name} valuePropName="checked" noStyle>
        <Switch id={id} />
      </Form.Item>
      <label htmlFor={id}>{text}</label>
      {hint ? <span className="meta">{hint}</span> : null}
    </div>
  );
}

/** A queue, by its key. */
export function QueueField(props: { name: Path; text: string; hint?: string; optional?: boolean }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["queues"], queryFn: () => queues.list() });
  const options = query.data?.items.map((one) => ({ value: one.key, label: `${label(one.name)} · ${one.key}` }));
  const rules = props.optional ? [] : [{ required: true, message: t("config.required") }];
  return (
    <Form.Item name={props.name} label={props.text} extra={props.hint} rules={rules}>
      <Select
        allowClear={props.optional ?? false}
        showSearch={{ optionFilterProp: "label" }}
        loading={query.isPending}
        options={options}
      />
    </Form.Item>
  );
}

/** A prompt, by its key; none where it is optional. */
export function PromptField({ name, text, optional = false }: { name: Path; text: string; optional?: boolean }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["prompts"], queryFn: () => prompts.list() });
  const options = query.data?.items.map((one) => ({ value: one.key, label: `${label(one.name)} · ${one.key}` }));
  return (
    <Form.Item name={name} label={text} rules={optional ? [] : [{ required: true, message: t("config.required") }]}>
      <Select
        allowClear={optional}
        showSearch={{ optionFilterProp: "label" }}
        placeholder={optional ? t("config.none") : undefined}
        loading={query.isPending}
        options={options}
      />
    </Form.Item>
  );
}
