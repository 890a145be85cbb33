import { Form, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DIGITS, freeDigit } from "./digits.ts";
import type { Path } from "./fields.tsx";
import { RowList } from "./RowList.tsx";

const OPTIONS = DIGITS.map((digit) => ({ value: digit, label: digit }));

/** What the keys of a telephone do, a row each; no key twice. `name` is the path from the form's root. */
export function DigitRows(props: {
  name: Path;
  add: string;
  /** The rest of a new row. */
  blank: object;
  children: (row: number) => ReactNode;
}) {
  const { t } = useTranslation();
  const form = Form.useFormInstance();
  const used = () => ((form.getFieldValue(props.name) ?? []) as { digit?: string }[]).map((one) => one.digit);
  const once = (_: unknown, digit: string) =>
    used().filter((one) => one === digit).length > 1
      ? Promise.reject(new Error(t("menu.digitTwice")))
      : Promise.resolve();
  return (
    <RowList
      name={props.name}
      max={DIGITS.length}
      add={props.add}
      blank={() => ({ ...props.blank, digit: freeDigit(used()) })}
      head={(row) => (
        <Form.Item name={[row, "digit"]} noStyle rules={[{ validator: once }]}>
          <Select prefix={t("menu.key")} style={{ width: 110 }} options={OPTIONS} aria-label={t("menu.key")} />
        </Form.Item>
      )}
    >
      {props.children}
    </RowList>
  );
}
