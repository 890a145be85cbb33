import { prompts } from "@zhiyin/client/api";
import type { Prompt, PromptBody, PromptSource } from "@zhiyin/client/model";
import { Form, Input, Select, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { ConfigPage } from "../../parts/config/ConfigPage.tsx";
import { NamedFields } from "../../parts/config/fields.tsx";

const BLANK: PromptBody = { key: "", name: { zh: "", en: "" }, source: { from: "speech", text: { zh: "", en: "" } } };

function sourceBody(source: PromptSource): PromptSource {
  if (source.from === "speech") return { from: "speech", text: source.text };
  if (source.from === "file") return { from: "file", path: source.path };
  return { from: "builtin", asset: source.asset };
}

function Source() {
  const { t } = useTranslation();
  const from = Form.useWatch(["source", "from"]) as PromptSource["from"] | undefined;
  const required = [{ required: true, message: t("config.required") }];
  return (
    <>
      <Form.Item name={["source", "from"]} label={t("prompts.source")}>
        <Select
          options={(["speech", "file", "builtin"] as const).map((value) => ({
            value,
            label: t(`prompts.from.${value}`),
          }))}
        />
      </Form.Item>
      {from === "speech" ? (
        (["zh", "en"] as const).map((language) => (
          <Form.Item
            key={language}
            name={["source", "text", language]}
            label={`${t("prompts.text")} · ${t(`config.${language}`)}`}
            rules={required}
          >
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} />
          </Form.Item>
        ))
      ) : (
        <Form.Item
          key={from}
          name={["source", from === "file" ? "path" : "asset"]}
          label={t(`prompts.${from === "file" ? "path" : "asset"}`)}
          rules={required}
        >
          <Input />
        </Form.Item>
      )}
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  const said = ({ source }: Prompt) =>
    source.from === "speech" ? label(source.text) : source.from === "file" ? source.path : source.asset;
  const columns: TableColumnsType<Prompt> = [
    { title: t("prompts.name"), render: (_, row) => label(row.name), width: 240 },
    {
      title: t("config.key"),
      dataIndex: "key",
      width: 200,
      render: (key: string) => <span className="meta">{key}</span>,
    },
    { title: t("prompts.source"), width: 140, render: (_, row) => t(`prompts.from.${row.source.from}`) },
    { title: t("prompts.said"), ellipsis: true, render: (_, row) => said(row) },
  ];
  return (
    <ConfigPage
      resource={prompts}
      icon="prompts"
      words="prompts"
      permission="config.write"
      keyOf={(row) => row.key}
      nameOf={(row) => label(row.name)}
      columns={columns}
      blank={BLANK}
      toBody={(values) => ({ ...values, source: sourceBody(values.source) })}
      fields={(isNew) => (
        <>
          <NamedFields isNew={isNew} />
          <Source />
        </>
      )}
    />
  );
}
