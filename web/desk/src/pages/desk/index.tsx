import { useTranslation } from "react-i18next";
import { useLive } from "../../live/store.ts";
import { CustomerCard } from "./CustomerCard.tsx";
import { Roster } from "./Roster.tsx";
import { useCurrent } from "./useCurrent.ts";
import { Workspace } from "./Workspace.tsx";
import { WrapUp } from "./WrapUp.tsx";
import "./desk.css";

/** The agent's page: what is mine now | the story | the customer and the wrap-up. */
export function Component() {
  const { t } = useTranslation();
  const current = useCurrent();
  const status = useLive((state) => state.agent?.status);
  return (
    <div className="desk">
      <h1 className="visually-hidden">{t("nav.desk")}</h1>
      <aside className="desk-left" aria-label={t("desk.roster")}>
        <Roster current={current} />
      </aside>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className="desk-middle scroll" aria-label={t("desk.workspace")} tabIndex={0}>
        <Workspace current={current} />
      </section>
      <aside className="desk-right" aria-label={t("desk.customer")}>
        <CustomerCard current={current} />
        {current && current.phase !== "offer" ? (
          <WrapUp key={current.interaction} current={current} closing={status === "wrap_up"} />
        ) : null}
      </aside>
    </div>
  );
}
