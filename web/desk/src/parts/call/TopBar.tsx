import { Button, Tooltip } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../app/session.tsx";
import { useKeys } from "../../keys/useKeys.ts";
import { monitored } from "../../live/phone.ts";
import { AlertBell } from "../alerts/AlertBell.tsx";
import { Icon } from "../Icon.tsx";
import { CallBar } from "./CallBar.tsx";
import { inBar } from "./inBar.ts";
import { MonitorBar } from "./MonitorBar.tsx";
import { PhoneProblemNote } from "./PhoneProblemNote.tsx";
import { StatusMenu } from "./StatusMenu.tsx";
import { UserMenu } from "./UserMenu.tsx";
import { usePhone } from "./usePhone.ts";
import "./topbar.css";

// Dialogs come with their first opening: they are not part of the first screen.
const DeviceSettings = lazy(() =>
  import("./DeviceSettings.tsx").then((module) => ({ default: module.DeviceSettings })),
);
const KeyHelp = lazy(() => import("../../keys/KeyHelp.tsx").then((module) => ({ default: module.KeyHelp })));

export function TopBar() {
  const { t } = useTranslation();
  const { can } = useSession();
  const [help, setHelp] = useState(false);
  const [settings, setSettings] = useState(false);
  useKeys({ help: () => setHelp(true) });
  const works = can("agent.work");
  const phone = usePhone();
  const listens = monitored(phone);
  return (
    <header className="topbar">
      {works ? <StatusMenu /> : null}
      <div className="topbar-call">
        {listens ? <MonitorBar monitor={listens} /> : works ? <CallBar /> : null}
        {/* Who takes no calls may still have tried to listen to one. */}
        {!works && phone.at === "idle" && phone.problem ? <PhoneProblemNote state={phone} /> : null}
      </div>
      <div className="topbar-tools">
        {can("live.view") ? <AlertBell /> : null}
        {works ? (
          <Tooltip title={t("device.title")} getPopupContainer={inBar}>
            <Button
              type="text"
              aria-label={t("device.title")}
              icon={<Icon name="settings" />}
              onClick={() => setSettings(true)}
              data-testid="devices"
            />
          </Tooltip>
        ) : null}
        <Tooltip title={`${t("keys.title")} ?`} getPopupContainer={inBar}>
          <Button type="text" aria-label={t("keys.title")} icon={<Icon name="help" />} onClick={() => setHelp(true)} />
        </Tooltip>
        <UserMenu />
      </div>
      <Suspense fallback={null}>
        {help ? <KeyHelp open onClose={() => setHelp(false)} /> : null}
        {settings ? <DeviceSettings open onClose={() => setSettings(false)} /> : null}
      </Suspense>
    </header>
  );
}
