import type { WantedStatus } from "@zhiyin/client/api";
import type { AgentLive } from "@zhiyin/client/model";
import { Dropdown, type MenuProps } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { keyOf, useKeys } from "../../keys/useKeys.ts";
import { useLive } from "../../live/store.ts";
import { Elapsed } from "../Elapsed.tsx";
import { Icon } from "../Icon.tsx";
import { StateShape } from "../StateMark.tsx";
import { inBar } from "./inBar.ts";
import { useCallActions } from "./useCallActions.ts";

function useReasonWords() {
  const { t } = useTranslation();
  const { break_reasons } = useDirectory();
  return (agent: Pick<AgentLive, "status" | "reason">): string => {
    if (!agent.reason) return "";
    if (agent.status === "away") return t(`away.${agent.reason}`, { defaultValue: agent.reason });
    return label(break_reasons.find((one) => one.key === agent.reason)?.name) || agent.reason;
  };
}

/** How long the running break may last; amber and red follow it. */
function breakMs(agent: AgentLive): number | undefined {
  return agent.break_until ? (agent.break_until - agent.since) / 1000 : undefined;
}

/** Own state: shape, word, reason, time in it; opens the choice of the next one. */
export function StatusMenu() {
  const { t } = useTranslation();
  const agent = useLive((state) => state.agent);
  const { break_reasons } = useDirectory();
  const { setStatus } = useCallActions();
  const [open, setOpen] = useState(false);
  const reasonWords = useReasonWords();
  useKeys({ available: () => void setStatus("available"), break: () => setOpen(true) });
  const choose = (status: WantedStatus, reason?: string) => {
    setOpen(false);
    void setStatus(status, reason);
  };
  const entry = (key: string, status: WantedStatus, text: string, reason?: string, hint?: string) => ({
    key,
    icon: <StateShape status={status} />,
    label: (
      <span className="status-entry" data-testid={`status-${key}`}>
        {text}
        {hint ? <span className="kbd">{hint}</span> : null}
      </span>
    ),
    onClick: () => choose(status, reason),
  });
  const items: MenuProps["items"] = [
    entry("available", "available", t("state.available"), undefined, keyOf("available")),
    { type: "divider" },
    ...(break_reasons.length > 0
      ? break_reasons.map((one) => entry(`break-${one.key}`, "break", label(one.name), one.key))
      : [entry("break", "break", t("state.break"))]),
    { type: "divider" },
    entry("offline", "offline", t("state.offline")),
  ];
  const status = agent?.status ?? "offline";
  const reason = agent ? reasonWords(agent) : "";
  return (
    <Dropdown
      menu={{ items }}
      trigger={["click"]}
      destroyOnHidden
      getPopupContainer={inBar}
      open={open}
      onOpenChange={setOpen}
      placement="bottomLeft"
    >
      <button
        type="button"
        className="plain status-button"
        data-testid="status-menu"
        data-status={status}
        aria-haspopup="menu"
      >
        <StateShape status={status} size={14} />
        <span className="status-words">
          <span className="status-word ellipsis">
            {t(`state.${status}`)}
            {reason ? ` · ${reason}` : ""}
          </span>
          {agent?.next ? (
            <span className="meta ellipsis">{t("status.next", { state: t(`state.${agent.next}`) })}</span>
          ) : null}
          {agent?.break_request ? <span className="meta ellipsis">{t("status.breakWaits")}</span> : null}
        </span>
        <span className="status-time">{agent ? <Elapsed since={agent.since} limitMs={breakMs(agent)} /> : null}</span>
        <Icon name="down" size={14} />
      </button>
    </Dropdown>
  );
}
