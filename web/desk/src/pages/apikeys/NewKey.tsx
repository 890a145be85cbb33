import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiKeys, people } from "@zhiyin/client/api";
import { serverNow } from "@zhiyin/client/http";
import { Alert, Button, Form, Input, Modal, Select } from "antd";
import { useTranslation } from "react-i18next";
import { Copyable } from "../../parts/Copyable.tsx";
import { problemWords } from "../../parts/problem.ts";

const DAY_US = 86_400_000_000;
const LIFETIMES = [30, 90, 365] as const;

const SCOPES = ["own", "team", "all"] as const;

interface Values {
  name: string;
  scope: (typeof SCOPES)[number];
  permissions: string[];
  days: number;
}

function Secret({ secret }: { secret: string }) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <Alert type="warning" showIcon message={t("apiKeys.once")} />
      <Copyable text={secret} />
    </div>
  );
}

export function NewKey({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const roles = useQuery({ queryKey: ["roles"], queryFn: people.roles, enabled: open });
  const permissions = [
    ...new Set(roles.data?.items.flatMap((role) => role.grants.map((grant) => grant.permission))),
  ].sort();
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: ({ name, permissions: wanted, scope, days }: Values) =>
      apiKeys.create({
        name,
        grants: wanted.map((permission) => ({ permission, scope })),
        expires_at: serverNow() + days * DAY_US,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["api-keys"] }),
  });
  const close = () => {
    create.reset();
    onClose();
  };
  const required = [{ required: true, message: t("config.required") }];
  return (
    <Modal open={open} onCancel={close} title={t("apiKeys.add")} footer={null} destroyOnHidden>
      {create.data ? (
        <Secret secret={create.data.secret} />
      ) : (
        <Form<Values>
          layout="vertical"
          initialValues={{ days: 90, scope: "all" }}
          onFinish={(values) => create.mutate(values)}
        >
          <Form.Item name="name" label={t("apiKeys.name")} rules={required}>
            <Input autoFocus />
          </Form.Item>
          <Form.Item
            name="permissions"
            label={t("apiKeys.permissions")}
            rules={required}
            extra={t("apiKeys.permissionsHint")}
          >
            <Select
              mode="multiple"
              loading={roles.isPending}
              options={permissions.map((value) => ({ value, label: value }))}
            />
          </Form.Item>
          <Form.Item name="scope" label={t("apiKeys.scope")}>
            <Select options={SCOPES.map((value) => ({ value, label: t(`scope.${value}`) }))} />
          </Form.Item>
          <Form.Item name="days" label={t("apiKeys.lifetime")}>
            <Select options={LIFETIMES.map((count) => ({ value: count, label: t("apiKeys.days", { count }) }))} />
          </Form.Item>
          {create.isError ? (
            <p className="form-error" role="alert">
              {problemWords(t, create.error)}
            </p>
          ) : null}
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {t("apiKeys.create")}
          </Button>
        </Form>
      )}
    </Modal>
  );
}
