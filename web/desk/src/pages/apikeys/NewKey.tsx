import { useMutation, useQueryClient } from "@tanstack/react-query";
import { apiKeys } from "@zhiyin/client/api";
import { serverNow } from "@zhiyin/client/http";
import { Alert, Button, Form, Input, Modal, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useSession } from "../../app/session.tsx";
import { Copyable } from "../../parts/Copyable.tsx";
import { problemWords } from "../../parts/problem.ts";

const DAY_US = 86_400_000_000;
const LIFETIMES = [30, 90, 365] as const;

interface Values {
  name: string;
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
  const { permissions } = useSession();
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: ({ name, permissions: wanted, days }: Values) =>
      apiKeys.create({ name, permissions: wanted, expires_at: serverNow() + days * DAY_US }),
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
        <Form<Values> layout="vertical" initialValues={{ days: 90 }} onFinish={(values) => create.mutate(values)}>
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
              options={permissions.map((grant) => ({ value: grant.permission, label: grant.permission }))}
            />
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
