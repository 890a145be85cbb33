import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiKeys } from "@zhiyin/client/api";
import type { ApiKey } from "@zhiyin/client/model";
import { App, Button, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../parts/Icon.tsx";
import { problemWords } from "../../parts/problem.ts";
import { exactTime, relativeTime } from "../../parts/time.ts";
import { Empty, Failed, Loading } from "../../parts/Views.tsx";
import { NewKey } from "./NewKey.tsx";

function When({ at }: { at: number | null | undefined }) {
  return at ? <span title={exactTime(at)}>{relativeTime(at)}</span> : <span>–</span>;
}

function useRemove() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { modal, message } = App.useApp();
  const remove = useMutation({
    mutationFn: (key: ApiKey) => apiKeys.remove(key.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["api-keys"] }),
    onError: (error) => message.error(problemWords(t, error)),
  });
  return (key: ApiKey) =>
    modal.confirm({
      title: t("apiKeys.revokeTitle", { name: key.name }),
      content: t("apiKeys.revokeText"),
      okText: t("apiKeys.revoke"),
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync(key),
    });
}

export function Component() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const query = useQuery({ queryKey: ["api-keys"], queryFn: apiKeys.list });
  const remove = useRemove();
  const columns: TableColumnsType<ApiKey> = [
    { title: t("apiKeys.name"), dataIndex: "name" },
    {
      title: t("apiKeys.prefix"),
      dataIndex: "prefix",
      render: (prefix: string) => <code className="meta">{prefix}…</code>,
    },
    {
      title: t("apiKeys.permissions"),
      render: (_, row) => <span className="meta">{row.grants.map((grant) => grant.permission).join(", ")}</span>,
    },
    { title: t("apiKeys.created"), render: (_, row) => <When at={row.created_at} /> },
    { title: t("apiKeys.lastUsed"), render: (_, row) => <When at={row.last_used_at} /> },
    { title: t("apiKeys.expires"), render: (_, row) => <When at={row.expires_at} /> },
    {
      title: <span className="visually-hidden">{t("apiKeys.revoke")}</span>,
      render: (_, row) =>
        row.revoked_at ? (
          <span className="meta">{t("apiKeys.revoked")}</span>
        ) : (
          <Button
            type="text"
            danger
            aria-label={t("apiKeys.revoke")}
            icon={<Icon name="trash" size={16} />}
            onClick={() => remove(row)}
          />
        ),
      width: 90,
    },
  ];
  const add = (
    <Button type="primary" icon={<Icon name="plus" size={16} />} onClick={() => setAdding(true)} data-testid="add">
      {t("apiKeys.add")}
    </Button>
  );
  return (
    <div className="page">
      <header className="page-head">
        <div className="grow">
          <h1>{t("apiKeys.title")}</h1>
          <p className="lead meta">{t("apiKeys.lead")}</p>
        </div>
        {query.data?.items.length === 0 ? null : add}
      </header>
      {query.isPending ? <Loading /> : null}
      {query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data?.items.length === 0 ? (
        <Empty icon="keys" title={t("apiKeys.emptyTitle")} text={t("apiKeys.emptyText")}>
          {add}
        </Empty>
      ) : null}
      {query.data && query.data.items.length > 0 ? (
        <Table size="small" rowKey="id" columns={columns} dataSource={query.data.items} pagination={false} />
      ) : null}
      <NewKey open={adding} onClose={() => setAdding(false)} />
    </div>
  );
}
