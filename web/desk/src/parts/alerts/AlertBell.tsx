import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { keyOf, useKeys } from "../../keys/useKeys.ts";
import { worstOpen } from "../../live/alerts.ts";
import { useLive } from "../../live/store.ts";
import { inBar } from "../call/inBar.ts";
import { Icon } from "../Icon.tsx";
import "./alerts.css";

/** How many alerts are active, on every page; coloured while nobody looks after one. */
export function AlertBell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const active = useLive((state) => state.alerts.active);
  const worst = worstOpen(active);
  const open = () => navigate("/alerts");
  useKeys({ alerts: open });
  const words = t("alert.bell", { count: active.size });
  return (
    <Tooltip title={`${words} ${keyOf("alerts")}`} getPopupContainer={inBar}>
      <button
        type="button"
        className={`plain alert-bell ${worst ? `bell-${worst}` : ""}`}
        aria-label={words}
        aria-keyshortcuts={keyOf("alerts")}
        onClick={open}
        data-testid="alert-bell"
        data-count={active.size}
      >
        <Icon name="bell" />
        <span className="bell-count num" aria-hidden="true">
          {active.size > 99 ? "99+" : active.size || ""}
        </span>
      </button>
    </Tooltip>
  );
}
