import { users } from "@zhiyin/client/api";
import type { User, UserBody } from "@zhiyin/client/model";
import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { useDirectory, useSession } from "../../app/session.tsx";
import { ConfigPage } from "../../parts/config/ConfigPage.tsx";
import { PersonActions } from "./PersonActions.tsx";
import { PersonFields } from "./PersonFields.tsx";

type NewPerson = UserBody & { password: string };

const BLANK: Required<NewPerson> = {
  username: "",
  display_name: "",
  roles: ["agent"],
  team: null,
  extension: null,
  skills: {},
  capacity: null,
  locale: "zh-CN",
  disabled: false,
  password: "",
};

function toBody({ password: _, ...values }: NewPerson): UserBody {
  return {
    ...values,
    disabled: values.disabled ?? false,
    team: values.team || null,
    extension: values.extension || null,
    capacity: values.capacity || null,
  };
}

export function Component() {
  const { t } = useTranslation();
  const { teams } = useDirectory();
  const { can } = useSession();
  const columns: TableColumnsType<User> = [
    { title: t("people.displayName"), dataIndex: "display_name" },
    {
      title: t("signIn.username"),
      dataIndex: "username",
      render: (name: string) => <span className="meta">{name}</span>,
    },
    { title: t("people.roles"), render: (_, row) => row.roles.map((role) => t(`role.${role}`)).join(" · ") },
    { title: t("people.team"), render: (_, row) => teams.find((team) => team.id === row.team)?.name ?? "–" },
    { title: t("people.extension"), render: (_, row) => <span className="num">{row.extension ?? "–"}</span> },
    {
      title: t("people.state"),
      render: (_, row) => (
        <span className={row.disabled ? "tone-alert" : ""}>
          {t(row.disabled ? "people.disabled" : "people.active")}
        </span>
      ),
    },
  ];
  return (
    <ConfigPage
      resource={users}
      icon="people"
      words="people"
      permission="user.manage"
      keyOf={(row) => row.id}
      nameOf={(row) => row.display_name}
      columns={columns}
      blank={BLANK}
      toBody={toBody}
      toNew={(values) => ({ ...toBody(values), password: values.password })}
      fields={(isNew) => <PersonFields isNew={isNew} />}
      actions={(row) => (can("user.credentials") || can("user.manage") ? <PersonActions person={row} /> : null)}
      canDelete={false}
    />
  );
}
