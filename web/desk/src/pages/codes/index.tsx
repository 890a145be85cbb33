import { breakReasons, wrapUpCodes } from "@zhiyin/client/api";
import type { BreakReason, BreakReasonBody, Code, CodeBody } from "@zhiyin/client/model";
import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { ConfigPage } from "../../parts/config/ConfigPage.tsx";
import { useNameColumns } from "../../parts/config/columns.tsx";
import { NamedFields, SecondsField } from "../../parts/config/fields.tsx";
import { KindPages } from "../../parts/config/KindPages.tsx";
import { clock } from "../../parts/time.ts";

const BLANK: CodeBody = { key: "", name: { zh: "", en: "" } };

function WrapUpCodes() {
  const columns = useNameColumns<Code>();
  return (
    <ConfigPage<Code, CodeBody>
      resource={wrapUpCodes}
      icon="codes"
      words="wrapUpCodes"
      permission="config.write"
      keyOf={(row) => row.key}
      nameOf={(row) => label(row.name)}
      columns={columns}
      blank={BLANK}
      toBody={(values) => values}
      fields={(isNew) => <NamedFields isNew={isNew} />}
    />
  );
}

function BreakReasons() {
  const { t } = useTranslation();
  const columns: TableColumnsType<BreakReason> = [
    ...useNameColumns<BreakReason>(),
    { title: t("breakReasons.longest"), render: (_, row) => (row.duration_max_ms ? clock(row.duration_max_ms) : "–") },
  ];
  return (
    <ConfigPage<BreakReason, BreakReasonBody>
      resource={breakReasons}
      icon="codes"
      words="breakReasons"
      permission="config.write"
      keyOf={(row) => row.key}
      nameOf={(row) => label(row.name)}
      columns={columns}
      blank={{ ...BLANK, duration_max_ms: null }}
      toBody={(values) => ({ ...values, duration_max_ms: values.duration_max_ms || null })}
      fields={(isNew) => (
        <>
          <NamedFields isNew={isNew} />
          <SecondsField
            name={["duration_max_ms"]}
            text={t("breakReasons.longest")}
            hint={t("breakReasons.longestHint")}
          />
        </>
      )}
    />
  );
}

/** Wrap-up codes and break reasons. */
export function Component() {
  return <KindPages pages={{ wrapUpCodes: WrapUpCodes, breakReasons: BreakReasons }} />;
}
