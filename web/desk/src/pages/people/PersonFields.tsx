import { useQuery } from "@tanstack/react-query";
import { capacityProfiles, teams } from "@zhiyin/client/api";
import type { Role } from "@zhiyin/client/model";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { LanguageField, SwitchField } from "../../parts/config/fields.tsx";
import { SkillsField } from "./SkillsField.tsx";

export const ROLES: readonly Role[] = [
  "agent",
  "senior_agent",
  "supervisor",
  "inspector",
  "knowledge_editor",
  "analyst",
  "admin",
  "security_admin",
  "auditor",
];
const PASSWORD_MIN = 10;

export function PersonFields({ isNew }: { isNew: boolean }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const query = useQuery({ queryKey: ["teams"], queryFn: () => teams.list() });
  const profiles = useQuery({
    queryKey: ["capacity-profiles"],
    queryFn: () => capacityProfiles.list(),
    enabled: can("config.read"),
  });
  const required = [{ required: true, message: t("config.required") }];
  return (
    <>
      <div className="pair">
        <Form.Item name="display_name" label={t("people.displayName")} rules={required}>
          <Input />
        </Form.Item>
        <Form.Item name="username" label={t("signIn.username")} rules={required}>
          <Input autoComplete="off" disabled={!isNew} />
        </Form.Item>
      </div>
      {isNew ? (
        <Form.Item
          name="password"
          label={t("signIn.password")}
          extra={t("people.firstPassword")}
          rules={[{ required: true, min: PASSWORD_MIN, message: t("profile.passwordRule", { count: PASSWORD_MIN }) }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      ) : null}
      <Form.Item
        name="roles"
        label={t("people.roles")}
        extra={can("role.assign") ? undefined : t("people.rolesBy")}
        rules={required}
      >
        <Select
          mode="multiple"
          disabled={!can("role.assign")}
          options={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        />
      </Form.Item>
      <div className="pair">
        <Form.Item name="team" label={t("people.team")}>
          <Select
            allowClear
            loading={query.isPending}
            options={query.data?.items.map((one) => ({ value: one.id, label: one.name }))}
          />
        </Form.Item>
        <Form.Item
          name="extension"
          label={t("people.extension")}
          extra={t("people.extensionHint")}
          rules={[{ pattern: /^[0-9]{2,10}$/, message: t("people.extensionRule") }]}
        >
          <Input inputMode="numeric" />
        </Form.Item>
      </div>
      <SkillsField />
      <Form.Item name="capacity" label={t("capacity.profile")} extra={t("capacity.profileHint")}>
        <Select
          allowClear
          loading={profiles.isPending}
          options={profiles.data?.items.map((one) => ({ value: one.key, label: label(one.name) }))}
        />
      </Form.Item>
      <LanguageField name="locale" text={t("profile.language")} />
      {isNew ? null : <SwitchField name={["disabled"]} text={t("people.disable")} hint={t("people.disableHint")} />}
    </>
  );
}
