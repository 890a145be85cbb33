import type { Device } from "@zhiyin/client/model";
import { Button, Modal, Segmented, Select, Slider, Switch } from "antd";
import { useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { devices } from "../../live/devices.ts";
import { ring, testSpeaker } from "../../live/ring.ts";
import { phone } from "../../live/session.ts";
import { useLive } from "../../live/store.ts";
import { LevelMeter } from "./LevelMeter.tsx";
import { useCallActions } from "./useCallActions.ts";
import { useDeviceList } from "./useDeviceList.ts";
import "./devices.css";

function useDevices() {
  return useSyncExternalStore(devices.subscribe, devices.get);
}

function Choice(props: {
  id: string;
  text: string;
  value: string | null;
  options: MediaDeviceInfo[];
  onChange: (id: string | null) => void;
  children?: React.ReactNode;
}) {
  const { t } = useTranslation();
  const options = [
    { value: "", label: t("device.system") },
    ...props.options.map((one, at) => ({
      value: one.deviceId,
      label: one.label || t("device.unnamed", { number: at + 1 }),
    })),
  ];
  return (
    <div className="device-row">
      <label htmlFor={props.id}>{props.text}</label>
      <Select
        id={props.id}
        value={options.some((one) => one.value === props.value) ? (props.value ?? "") : ""}
        options={options}
        onChange={(id: string) => props.onChange(id || null)}
        data-testid={props.id}
      />
      {props.children}
    </div>
  );
}

function Notifications() {
  const { t } = useTranslation();
  const chosen = useDevices();
  const supported = typeof Notification !== "undefined";
  const [permission, setPermission] = useState(supported ? Notification.permission : "denied");
  const allow = async () => setPermission(await Notification.requestPermission());
  return (
    <div className="device-row">
      <span id="device-notify">{t("device.notifications")}</span>
      {permission === "granted" ? (
        <Switch
          aria-labelledby="device-notify"
          checked={chosen.notifications}
          onChange={(notifications) => devices.set({ notifications })}
        />
      ) : (
        <span className="row">
          <Button onClick={() => void allow()} disabled={permission === "denied"}>
            {t("device.allow")}
          </Button>
          {permission === "denied" ? <span className="meta">{t("device.blocked")}</span> : null}
        </span>
      )}
    </div>
  );
}

function Body() {
  const { t } = useTranslation();
  const chosen = useDevices();
  const list = useDeviceList();
  const agent = useLive((state) => state.agent);
  const { setDevice } = useCallActions();
  return (
    <div className="stack">
      <div className="device-row">
        <span>{t("device.how")}</span>
        <Segmented<Device>
          value={agent?.device ?? "browser"}
          options={[
            { value: "browser", label: t("device.browser") },
            { value: "desk_phone", label: t("device.deskPhone") },
          ]}
          onChange={(value) => void setDevice(value)}
          data-testid="device-kind"
        />
      </div>
      {agent?.device === "desk_phone" ? (
        <p className={`meta ${agent.phone_registered ? "" : "tone-alert"}`}>
          {t(agent.phone_registered ? "device.registered" : "device.notRegistered")}
        </p>
      ) : null}
      <Choice
        id="device-microphone"
        text={t("device.microphone")}
        value={chosen.microphone}
        options={list.microphones}
        onChange={(microphone) => {
          devices.set({ microphone });
          void phone.changeMicrophone();
        }}
      >
        <LevelMeter microphone={chosen.microphone} onReady={list.refresh} />
      </Choice>
      <div className="device-row">
        <span id="device-clean">{t("device.cleanVoice")}</span>
        <Switch
          aria-labelledby="device-clean"
          checked={chosen.cleanVoice}
          onChange={(cleanVoice) => {
            devices.set({ cleanVoice });
            void phone.changeMicrophone();
          }}
        />
      </div>
      <Choice
        id="device-speaker"
        text={t("device.speaker")}
        value={chosen.speaker}
        options={list.speakers}
        onChange={(speaker) => {
          devices.set({ speaker });
          phone.routeOutput();
        }}
      >
        <Button onClick={() => void testSpeaker()}>{t("device.test")}</Button>
      </Choice>
      <Choice
        id="device-ringer"
        text={t("device.ringer")}
        value={chosen.ringer}
        options={list.speakers}
        onChange={(ringer) => devices.set({ ringer })}
      >
        <Button onClick={() => ring.test()}>{t("device.testRing")}</Button>
      </Choice>
      <div className="device-row">
        <span id="device-volume">{t("device.volume")}</span>
        <Slider
          ariaLabelledByForHandle="device-volume"
          min={0}
          max={100}
          value={Math.round(chosen.ringVolume * 100)}
          onChange={(value) => devices.set({ ringVolume: value / 100 })}
        />
      </div>
      <Notifications />
    </div>
  );
}

export function DeviceSettings({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t("device.title")} width={540} destroyOnHidden>
      <Body />
    </Modal>
  );
}
