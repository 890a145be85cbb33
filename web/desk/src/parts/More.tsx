import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { CursorList } from "./useCursorList.ts";

/** The end of a list: the next page, or that there is none. */
export function More<T>({ list }: { list: CursorList<T> }) {
  const { t } = useTranslation();
  return (
    <div style={{ display: "flex", justifyContent: "center", padding: 16 }}>
      {list.hasMore ? (
        <Button onClick={list.more} loading={list.loadingMore} data-testid="more">
          {t("common.more")}
        </Button>
      ) : (
        <span className="meta">{t("common.end", { count: list.items.length })}</span>
      )}
    </div>
  );
}
