import { Button, Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { keyOf, useKeys } from "../../keys/useKeys.ts";
import type { Monitoring } from "../../live/phone.ts";
import { useLive } from "../../live/store.ts";
import { Icon } from "../Icon.tsx";
import { MONITOR_MODES, useMonitorActions } from "./useMonitorActions.ts";
import { usePhone } from "./usePhone.ts";

/** Whose call is listened to and how; stands where the own call would. */
export function MonitorBar({ monitor }: { monitor: Monitoring }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const { join, leave } = useMonitorActions();
  const { agents } = useDirectory();
  const call = useLive((state) => state.calls.get(monitor.call));
  const agent = agents.find((one) => one.id === call?.agent)?.display_name ?? "–";
  useKeys({ hangup: leave });
  return (
    <section className="callbar" aria-label={t("monitorCall.label")} data-testid="monitor-bar" data-mode={monitor.mode}>
      <Icon name="ear" size={16} />
      <span className="callbar-who ellipsis">{t("monitorCall.who", { agent, remote: call?.remote ?? "" })}</span>
      {phone.at === "talking" ? null : <span className="tone-live">{t("call.connecting")}</span>}
      <span className="callbar-buttons">
        <Segmented
          size="small"
          value={monitor.mode}
          disabled={phone.at !== "talking"}
          onChange={(mode) => void join(monitor.call, mode)}
          options={MONITOR_MODES.map((value) => ({ value, label: t(`monitorCall.mode.${value}`) }))}
        />
        <Button
          type="primary"
          danger
          icon={<Icon name="hangup" size={18} />}
          aria-keyshortcuts={keyOf("hangup")}
          onClick={leave}
          data-testid="monitor-leave"
        >
          {t("monitorCall.leave")}
        </Button>
      </span>
    </section>
  );
}
