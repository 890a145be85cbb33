/** Several small resources on one page, a tab each; `?kind=` names the tab, so that it can be linked to and gone back to. */
import { Segmented } from "antd";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

/** By the key of their words: `<kind>.title`. The first is shown where the address names none. */
export function KindPages({ pages }: { pages: Record<string, ComponentType> }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const kinds = Object.keys(pages);
  const kind = kinds.find((one) => one === search.get("kind")) ?? kinds[0];
  const Page = pages[kind ?? ""];
  return (
    <div className="kind-pages">
      <div className="kind-tabs">
        <Segmented
          value={kind}
          onChange={(next) => setSearch({ kind: next }, { replace: true })}
          options={kinds.map((value) => ({ value, label: t(`${value}.title`) }))}
        />
      </div>
      <div className="kind-page">{Page ? <Page key={kind} /> : null}</div>
    </div>
  );
}
