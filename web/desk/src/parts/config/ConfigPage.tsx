/** A page over one configuration resource: list, search, and a drawer that creates, changes and deletes. */
import { useQuery } from "@tanstack/react-query";
import type { Resource } from "@zhiyin/client/api";
import { Button, Input, Table, type TableColumnsType } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../app/session.tsx";
import { Icon, type IconName } from "../Icon.tsx";
import { Empty, Failed, Loading } from "../Views.tsx";
import { ConfigDrawer } from "./ConfigDrawer.tsx";

export interface ConfigPageProps<T extends object, B extends object, N extends B = B> {
  resource: Resource<T, B, N>;
  icon: IconName;
  /** Key of the words: `<words>.title`, `.lead`, `.add`, `.emptyTitle`, `.emptyText`. */
  words: string;
  /** Who may change; all others read. */
  permission: string;
  /** What the API calls one item: its id, or its key. */
  keyOf: (row: T) => string;
  nameOf: (row: T) => string;
  columns: TableColumnsType<T>;
  /** The form of a new item: every field that may be written, so that a field the form does not show is kept on saving. */
  blank: Required<N>;
  /** Form values with what the form does not show → what is written. */
  toBody: (values: N) => B;
  /** Form values → what is created, where that is more. */
  toNew?: (values: N) => N;
  fields: (isNew: boolean) => ReactNode;
  /** More actions on an existing item, shown above its form. */
  actions?: (row: T) => ReactNode;
  /** Users are disabled instead of deleted. */
  canDelete?: boolean;
  drawerWidth?: number;
}

export function ConfigPage<T extends object, B extends object, N extends B = B>(props: ConfigPageProps<T, B, N>) {
  const { t } = useTranslation();
  const { can } = useSession();
  const [search, setSearch] = useState("");
  const [editing, setEditing] = useState<string | "new" | null>(null);
  const query = useQuery({ queryKey: [props.resource.name], queryFn: () => props.resource.list() });
  const mayWrite = can(props.permission);
  const items = query.data?.items;
  const shown = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    return wanted ? items?.filter((row) => JSON.stringify(row).toLowerCase().includes(wanted)) : items;
  }, [items, search]);
  const add = mayWrite ? (
    <Button type="primary" icon={<Icon name="plus" size={16} />} onClick={() => setEditing("new")} data-testid="add">
      {t(`${props.words}.add`)}
    </Button>
  ) : null;
  return (
    <div className="page">
      <header className="page-head">
        <div className="grow">
          <h1>{t(`${props.words}.title`)}</h1>
          <p className="lead meta">{t(`${props.words}.lead`)}</p>
        </div>
        <Input
          allowClear
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          prefix={<Icon name="search" size={16} />}
          placeholder={t("common.search")}
          aria-label={t("common.search")}
          style={{ width: 220 }}
        />
        {items?.length === 0 ? null : add}
      </header>
      {query.isPending ? <Loading lines={10} /> : null}
      {query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : null}
      {items?.length === 0 ? (
        <Empty icon={props.icon} title={t(`${props.words}.emptyTitle`)} text={t(`${props.words}.emptyText`)}>
          {add}
        </Empty>
      ) : null}
      {items && items.length > 0 ? (
        <Table<T>
          size="small"
          rowKey={props.keyOf}
          columns={props.columns}
          dataSource={shown}
          pagination={false}
          sticky={{
            getContainer: () => document.querySelector<HTMLElement>(".page") ?? document.body,
            offsetHeader: -20,
          }}
          locale={{ emptyText: t("common.noMatch") }}
          onRow={(row) => ({
            onClick: () => setEditing(props.keyOf(row)),
            onKeyDown: (event) => {
              if (event.key === "Enter" && event.target === event.currentTarget) setEditing(props.keyOf(row));
            },
            tabIndex: 0,
            style: { cursor: "pointer" },
            "data-testid": "row",
          })}
        />
      ) : null}
      <ConfigDrawer {...props} editing={editing} mayWrite={mayWrite} onClose={() => setEditing(null)} />
    </div>
  );
}
