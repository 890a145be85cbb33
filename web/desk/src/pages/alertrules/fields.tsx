import { Form, InputNumber } from "antd";
import { useTranslation } from "react-i18next";

/** Seconds that may be left out: empty is null, not zero. */
export function OptionalSeconds({
  id,
  value,
  onChange,
}: {
  id?: string;
  value?: number | null;
  onChange?: (ms: number | null) => void;
}) {
  const { t } = useTranslation();
  return (
    <InputNumber
      id={id}
      min={0}
      value={value === null || value === undefined ? null : value / 1000}
      onChange={(seconds) => onChange?.(seconds === null ? null : Math.round(seconds * 1000))}
      suffix={t("config.seconds")}
      style={{ width: "100%" }}
    />
  );
}

export function RatioField({ name, text, hint }: { name: string; text: string; hint?: string }) {
  const { t } = useTranslation();
  return (
    <Form.Item name={name} label={text} extra={hint} rules={[{ required: true, message: t("config.required") }]}>
      <InputNumber min={0.05} max={1} step={0.05} style={{ width: "100%" }} />
    </Form.Item>
  );
}
