import { useCallback, useEffect, useState } from "react";

export interface DeviceList {
  microphones: MediaDeviceInfo[];
  speakers: MediaDeviceInfo[];
  refresh: () => void;
}

/** The sound devices the browser knows, kept up to date while headsets come and go. */
export function useDeviceList(): DeviceList {
  const [all, setAll] = useState<MediaDeviceInfo[]>([]);
  const refresh = useCallback(() => {
    void navigator.mediaDevices
      ?.enumerateDevices()
      .then((found) => setAll(found.filter((one) => one.deviceId !== "default" && one.deviceId !== "")));
  }, []);
  useEffect(() => {
    refresh();
    navigator.mediaDevices?.addEventListener("devicechange", refresh);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", refresh);
  }, [refresh]);
  return {
    microphones: all.filter((one) => one.kind === "audioinput"),
    speakers: all.filter((one) => one.kind === "audiooutput"),
    refresh,
  };
}
