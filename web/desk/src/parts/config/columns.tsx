/** Columns that the lists of the set-up share. */
import type { Label } from "@zhiyin/client/model";
import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";

/** What it is called, with its key in small beside it. */
export function useNameColumns<T extends { key: string; name: Label }>(keyWidth?: number): TableColumnsType<T> {
  const { t } = useTranslation();
  return [
    { title: t("config.name"), render: (_, row) => label(row.name) },
    {
      title: t("config.key"),
      dataIndex: "key",
      width: keyWidth,
      render: (key: string) => <span className="meta">{key}</span>,
    },
  ];
}

/** Whether it is in use. */
export function useEnabledColumn<T extends { enabled?: boolean }>(): TableColumnsType<T>[number] {
  const { t } = useTranslation();
  return {
    title: t("config.state"),
    width: 100,
    render: (_, row) => (row.enabled === false ? <span className="meta">{t("config.off")}</span> : t("config.on")),
  };
}
