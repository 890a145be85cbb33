/** Planning: how many people a load needs, and what another staffing would have made of a real day. */
import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { Staffing } from "./Staffing.tsx";
import { WhatIfTab } from "./WhatIfTab.tsx";
import "./planning.css";

export function Component() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const tab = search.get("tab") === "what-if" ? "what-if" : "staffing";
  const choose = (next: string) => {
    const changed = new URLSearchParams(search);
    changed.set("tab", next);
    setSearch(changed, { replace: true });
  };
  return (
    <div className="page planning">
      <header className="page-head">
        <div className="grow">
          <h1>{t("planning.title")}</h1>
          <p className="lead meta">{t("planning.lead")}</p>
        </div>
      </header>
      <Tabs
        activeKey={tab}
        onChange={choose}
        destroyOnHidden
        items={[
          { key: "staffing", label: t("planning.staffing"), children: <Staffing /> },
          { key: "what-if", label: t("planning.whatIf"), children: <WhatIfTab /> },
        ]}
      />
    </div>
  );
}
