import { breakReasons, type Resource, wrapUpCodes } from "@zhiyin/client/api";
import type { Code, CodeBody } from "@zhiyin/client/model";
import { Segmented, type TableColumnsType } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { ConfigPage } from "../../parts/config/ConfigPage.tsx";
import { KeyField, LabelFields } from "../../parts/config/fields.tsx";

type Kind = "wrapUpCodes" | "breakReasons";
const RESOURCES: Record<Kind, Resource<Code, CodeBody>> = { wrapUpCodes, breakReasons };
const BLANK: CodeBody = { key: "", name: { zh: "", en: "" } };

/** Wrap-up codes and break reasons: two lists of the same shape. */
export function Component() {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>("wrapUpCodes");
  const columns: TableColumnsType<Code> = [
    { title: t("codes.name"), render: (_, row) => label(row.name) },
    { title: t("config.key"), dataIndex: "key", render: (key: string) => <span className="meta">{key}</span> },
  ];
  return (
    <div style={{ display: "flex", flexDirection: "column", height: "100%" }}>
      <div style={{ padding: "16px 24px 0" }}>
        <Segmented
          value={kind}
          onChange={setKind}
          options={[
            { value: "wrapUpCodes", label: t("wrapUpCodes.title") },
            { value: "breakReasons", label: t("breakReasons.title") },
          ]}
        />
      </div>
      <div style={{ flex: 1, minHeight: 0 }}>
        <ConfigPage
          key={kind}
          resource={RESOURCES[kind]}
          icon="codes"
          words={kind}
          permission="config.write"
          keyOf={(row) => row.key}
          nameOf={(row) => label(row.name)}
          columns={columns}
          blank={BLANK}
          toBody={(values: CodeBody) => values}
          fields={(isNew) => (
            <>
              <KeyField isNew={isNew} />
              <LabelFields name={["name"]} text={t("codes.name")} />
            </>
          )}
        />
      </div>
    </div>
  );
}
