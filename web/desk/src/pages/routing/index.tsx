import { capacityProfiles, routingRules, teams } from "@zhiyin/client/api";
import type {
  CapacityProfile,
  CapacityProfileBody,
  RoutingRule,
  RoutingRuleBody,
  Team,
  TeamBody,
} from "@zhiyin/client/model";
import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { ConfigPage } from "../../parts/config/ConfigPage.tsx";
import { useEnabledColumn, useNameColumns } from "../../parts/config/columns.tsx";
import { NamedFields } from "../../parts/config/fields.tsx";
import { KindPages } from "../../parts/config/KindPages.tsx";
import { QuotaFields } from "../../parts/config/QuotaFields.tsx";
import { BLANK_RULE, RuleFields, ruleBody } from "../../parts/config/RuleFields.tsx";
import { CapacityFields, USUAL } from "./CapacityFields.tsx";
import { useQuotaWords, useThenWords, useWhenWords } from "./words.ts";

function Rules() {
  const { t } = useTranslation();
  const named = useNameColumns<RoutingRule>();
  const enabled = useEnabledColumn<RoutingRule>();
  const [when, then] = [useWhenWords(), useThenWords()];
  return (
    <ConfigPage<RoutingRule, RoutingRuleBody>
      resource={routingRules}
      icon="transfer"
      words="routingRules"
      permission="config.write"
      keyOf={(row) => row.key}
      nameOf={(row) => label(row.name)}
      columns={[
        ...named,
        { title: t("rule.when"), render: (_, row) => when(row) },
        { title: t("rule.then"), render: (_, row) => then(row) },
        enabled,
      ]}
      blank={BLANK_RULE}
      toBody={ruleBody}
      fields={(isNew) => (
        <>
          <NamedFields isNew={isNew} />
          <RuleFields name={[]} />
        </>
      )}
    />
  );
}

function Profiles() {
  const { t } = useTranslation();
  const named = useNameColumns<CapacityProfile>();
  return (
    <ConfigPage<CapacityProfile, CapacityProfileBody>
      resource={capacityProfiles}
      icon="people"
      words="capacityProfiles"
      permission="config.write"
      keyOf={(row) => row.key}
      nameOf={(row) => label(row.name)}
      columns={[
        ...named,
        {
          title: t("capacity.atOnce"),
          render: (_, row) => row.channels.map((one) => `${t(`channel.${one.channel}`)} ${one.slots}`).join(" · "),
        },
      ]}
      blank={{ key: "", name: { zh: "", en: "" }, channels: USUAL }}
      toBody={(values) => ({
        ...values,
        channels: (values.channels ?? []).map((one) => ({ ...one, interrupts: one.interrupts ?? [] })),
      })}
      fields={(isNew) => (
        <>
          <NamedFields isNew={isNew} />
          <CapacityFields />
        </>
      )}
      drawerWidth={640}
    />
  );
}

function Teams() {
  const { t } = useTranslation();
  const { agents } = useDirectory();
  const quota = useQuotaWords();
  return (
    <ConfigPage<Team, TeamBody>
      resource={teams}
      icon="team"
      words="teams"
      permission="config.write"
      keyOf={(row) => row.id}
      nameOf={(row) => row.name}
      columns={[
        { title: t("config.name"), dataIndex: "name" },
        {
          title: t("teams.agents"),
          align: "right",
          render: (_, row) => <span className="num">{agents.filter((one) => one.team === row.id).length}</span>,
        },
        { title: t("quota.title"), render: (_, row) => quota(row.breaks) },
      ]}
      blank={{ name: "", breaks: { agents_max: null, percent_max: null, refuse: false } }}
      toBody={(values) => values}
      fields={() => (
        <>
          <Form.Item name="name" label={t("config.name")} rules={[{ required: true, message: t("config.required") }]}>
            <Input />
          </Form.Item>
          <h2 className="minor">{t("quota.title")}</h2>
          <QuotaFields name={["breaks"]} />
        </>
      )}
    />
  );
}

/** What holds for all queues: rules, how much people do at once, and teams with their quotas of breaks. */
export function Component() {
  return <KindPages pages={{ routingRules: Rules, capacityProfiles: Profiles, teams: Teams }} />;
}
