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
import { label } from "../../i18n/index.ts";
import { ConfigPage } from "../../parts/config/ConfigPage.tsx";
import { KeyField, LabelFields } from "../../parts/config/fields.tsx";
import { KindPages } from "../../parts/config/KindPages.tsx";
import { QuotaFields } from "../../parts/config/QuotaFields.tsx";
import { BLANK_RULE, RuleFields, ruleBody } from "../../parts/config/RuleFields.tsx";
import { CapacityFields, USUAL } from "./CapacityFields.tsx";

function Rules() {
  const { t } = useTranslation();
  return (
    <ConfigPage<RoutingRule, RoutingRuleBody>
      resource={routingRules}
      icon="transfer"
      words="routingRules"
      permission="config.write"
      keyOf={(row) => row.key}
      nameOf={(row) => label(row.name)}
      columns={[
        { title: t("codes.name"), render: (_, row) => label(row.name) },
        { title: t("config.key"), dataIndex: "key", render: (key: string) => <span className="meta">{key}</span> },
        { title: t("numbers.queue"), render: (_, row) => row.queue ?? "–" },
        {
          title: t("people.state"),
          render: (_, row) => t(row.enabled === false ? "people.disabled" : "people.active"),
        },
      ]}
      blank={BLANK_RULE}
      toBody={ruleBody}
      fields={(isNew) => (
        <>
          <KeyField isNew={isNew} />
          <LabelFields name={["name"]} text={t("codes.name")} />
          <RuleFields name={[]} />
        </>
      )}
    />
  );
}

function Profiles() {
  const { t } = useTranslation();
  return (
    <ConfigPage<CapacityProfile, CapacityProfileBody>
      resource={capacityProfiles}
      icon="people"
      words="capacityProfiles"
      permission="config.write"
      keyOf={(row) => row.key}
      nameOf={(row) => label(row.name)}
      columns={[
        { title: t("codes.name"), render: (_, row) => label(row.name) },
        { title: t("config.key"), dataIndex: "key", render: (key: string) => <span className="meta">{key}</span> },
        {
          title: t("capacity.channels"),
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
          <KeyField isNew={isNew} />
          <LabelFields name={["name"]} text={t("codes.name")} />
          <CapacityFields />
        </>
      )}
      drawerWidth={640}
    />
  );
}

function Teams() {
  const { t } = useTranslation();
  return (
    <ConfigPage<Team, TeamBody>
      resource={teams}
      icon="team"
      words="teams"
      permission="config.write"
      keyOf={(row) => row.id}
      nameOf={(row) => row.name}
      columns={[{ title: t("codes.name"), dataIndex: "name" }]}
      blank={{ name: "", breaks: { agents_max: null, percent_max: null, refuse: false } }}
      toBody={(values) => values}
      fields={() => (
        <>
          <Form.Item name="name" label={t("codes.name")} rules={[{ required: true, message: t("config.required") }]}>
            <Input />
          </Form.Item>
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
