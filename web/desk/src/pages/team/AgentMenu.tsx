import type { AgentLive, SuperviseMode } from "@zhiyin/client/model";
import { Dropdown, type MenuProps } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { MONITOR_MODES } from "../../parts/call/useMonitorActions.ts";
import { Icon, type IconName } from "../../parts/Icon.tsx";
import { StateShape } from "../../parts/StateMark.tsx";
import type { CardContext } from "./useCardContext.ts";

export const MODE_ICON: Record<SuperviseMode, IconName> = { listen: "ear", whisper: "whisper", barge: "barge" };

/** What may be done with an agent. Mounted only while it is open. */
export function AgentMenu({
  agent,
  call,
  context,
  onQueues,
  onClose,
  children,
}: {
  agent: AgentLive;
  /** The call that may be listened to. */
  call: string | null;
  context: CardContext;
  onQueues: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { supervise, listen } = context;
  const state = (key: string, status: "available" | "break" | "offline", text: string, reason?: string) => ({
    key,
    icon: <StateShape status={status} />,
    label: <span data-testid={`set-${key}`}>{text}</span>,
    onClick: () => void supervise.setStatus(agent.user, status, reason),
  });
  const breaks = context.breaks.map(([key, name]) => state(`break-${key}`, "break", name, key));
  const supervises: MenuProps["items"] = [
    state("available", "available", t("state.available")),
    ...(breaks.length > 0 ? breaks : [state("break", "break", t("state.break"))]),
    state("offline", "offline", t("state.offline")),
    { type: "divider" },
    { key: "queues", icon: <Icon name="queues" size={16} />, label: t("team.queuesOf"), onClick: onQueues },
  ];
  const listens = MONITOR_MODES.map((mode) => ({
    key: mode,
    icon: <Icon name={MODE_ICON[mode]} size={16} />,
    label: t(`monitorCall.mode.${mode}`),
    onClick: () => void (call && listen.join(call, mode)),
  }));
  const items: MenuProps["items"] = [
    ...(context.maySupervise ? supervises : []),
    ...(context.mayListen && call ? listens : []),
    {
      key: "contacts",
      icon: <Icon name="calls" size={16} />,
      label: t("team.contactsOf"),
      onClick: () => navigate(`/interactions?agent=${agent.user}`),
    },
  ];
  return (
    <Dropdown
      menu={{ items }}
      trigger={["click"]}
      autoFocus
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      {children}
    </Dropdown>
  );
}
