import { numbers } from "@zhiyin/client/api";
import type { NumberBody, NumberRow } from "@zhiyin/client/model";
import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { ConfigPage } from "../../parts/config/ConfigPage.tsx";
import { useEnabledColumn } from "../../parts/config/columns.tsx";
import { wayBody } from "../../parts/config/WayFields.tsx";
import { NumberFields } from "./NumberFields.tsx";
import { blankPlan, planBody } from "./plan.ts";

const BLANK: Required<NumberBody> = {
  number: "",
  name: { zh: "", en: "" },
  language: "zh-CN",
  plan: blankPlan("queue"),
  announcement_wait_ms: 0,
  hours: null,
  closed: { do: "hang_up", prompt: null },
  enabled: true,
};

/** What a plan does, in a few words with its target. */
function usePlanWords() {
  const { t } = useTranslation();
  return ({ plan }: NumberRow): string => {
    const words = t(`plan.${plan.does}`);
    if (plan.does === "queue") return `${words} · ${plan.queue}`;
    if (plan.does === "prompt") return `${words} · ${plan.prompt}`;
    if (plan.does === "bridge") return `${words} · ${plan.target}`;
    if (plan.does === "ivr") return `${words} · ${plan.menu.options.map((one) => one.digit).join(" ")}`;
    return words;
  };
}

export function Component() {
  const { t } = useTranslation();
  const planWords = usePlanWords();
  const columns: TableColumnsType<NumberRow> = [
    { title: t("numbers.number"), render: (_, row) => <span className="num">{row.number}</span> },
    { title: t("numbers.name"), render: (_, row) => label(row.name) },
    { title: t("numbers.plan"), render: (_, row) => planWords(row) },
    useEnabledColumn<NumberRow>(),
  ];
  return (
    <ConfigPage
      resource={numbers}
      icon="numbers"
      words="numbers"
      permission="config.write"
      keyOf={(row) => row.id}
      nameOf={(row) => `${row.number} ${label(row.name)}`}
      columns={columns}
      blank={BLANK}
      toBody={(values) => ({
        ...values,
        plan: planBody(values.plan),
        hours: values.hours ?? null,
        closed: wayBody(values.closed),
      })}
      fields={() => <NumberFields />}
      drawerWidth={640}
    />
  );
}
