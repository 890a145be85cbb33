import type { Resource } from "@zhiyin/client/api";
import { alertRules } from "@zhiyin/client/api";
import type { AlertCondition, AlertRuleBody } from "@zhiyin/client/model";
import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { ConfigPage } from "../../parts/config/ConfigPage.tsx";
import { useEnabledColumn, useNameColumns } from "../../parts/config/columns.tsx";
import { LevelMark } from "../../parts/monitor/LevelMark.tsx";
import { formatBound } from "../../parts/monitor/units.ts";
import { useMetrics } from "../../parts/monitor/useMetrics.ts";
import { clock } from "../../parts/time.ts";
import { RuleFields } from "./RuleFields.tsx";
import { BLANK_RULE, type RuleForm, toBody, toForm } from "./rule.ts";
import "./alertrules.css";

type Row = RuleForm & { id: string; version: number };

const toRow = (rule: AlertRuleBody & { version: number }): Row => ({
  ...toForm(rule),
  id: rule.key,
  version: rule.version,
});

/** The rules as their form has them: the drawer fills itself from what it reads. */
const resource: Resource<Row, RuleForm> = {
  name: alertRules.name,
  list: async () => {
    const page = await alertRules.list();
    return { ...page, items: page.items.map(toRow) };
  },
  get: async (id) => {
    const { data, etag } = await alertRules.get(id);
    return { data: toRow(data), etag };
  },
  create: async (form) => toRow(await alertRules.create(toBody(form))),
  update: async (id, etag, form) => toRow(await alertRules.update(id, etag, toBody(form))),
  remove: alertRules.remove,
};

/** `Waiting above 10`, joined: a rule as a sentence. */
function useSentence(): (rule: RuleForm) => string {
  const { t } = useTranslation();
  const { byId, nameOf } = useMetrics();
  const one = (condition: AlertCondition) =>
    t("alertRules.sentence", {
      metric: nameOf(condition.metric),
      compare: t(`compare.${condition.compare}`),
      threshold: formatBound(byId.get(condition.metric)?.unit ?? "count", condition.threshold),
    });
  return (rule) => rule.conditions.map(one).join(` ${t(`alertRules.joinWord.${rule.join}`)} `);
}

export function Component() {
  const { t } = useTranslation();
  const sentence = useSentence();
  const columns: TableColumnsType<Row> = [
    { title: t("alertRules.level"), width: 110, render: (_, row) => <LevelMark level={row.level} word /> },
    ...useNameColumns<Row>(210),
    { title: t("alertRules.conditions"), render: (_, row) => <span className="num">{sentence(row)}</span> },
    { title: t("alertRules.each"), width: 120, render: (_, row) => t(`alertRules.eachOf.${row.each}`) },
    {
      title: t("alertRules.escalateShort"),
      width: 150,
      align: "right",
      render: (_, row) => (
        <span className="num">{row.escalate_after_ms === null ? "–" : clock(row.escalate_after_ms)}</span>
      ),
    },
    useEnabledColumn<Row>(),
  ];
  return (
    <ConfigPage<Row, RuleForm>
      resource={resource}
      icon="rules"
      words="alertRules"
      permission="config.write"
      keyOf={(row) => row.id}
      nameOf={(row) => label(row.name)}
      columns={columns}
      blank={BLANK_RULE}
      toBody={(form) => form}
      fields={(isNew) => <RuleFields isNew={isNew} />}
      drawerWidth={640}
    />
  );
}
