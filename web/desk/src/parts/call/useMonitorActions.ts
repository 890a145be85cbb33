/** Listening to a colleague's call: silently, heard by the agent only, or by both. The media runs in this tab. */

import { monitorCall } from "@zhiyin/client/api";
import type { SuperviseMode } from "@zhiyin/client/model";
import { App } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { monitored } from "../../live/phone.ts";
import { phone } from "../../live/session.ts";
import { problemWords } from "../problem.ts";

export const MONITOR_MODES: readonly SuperviseMode[] = ["listen", "whisper", "barge"];

export interface MonitorActions {
  /** Joins the call, or changes the way when it is already joined. */
  join(call: string, mode: SuperviseMode): Promise<void>;
  leave(): void;
}

/** A silent listener's microphone stays off at its source. */
function muteFor(mode: SuperviseMode): void {
  phone.mute(mode === "listen");
}

export function useMonitorActions(): MonitorActions {
  const { message } = App.useApp();
  const { t } = useTranslation();
  return useMemo(
    () => ({
      async join(call, mode) {
        const now = monitored(phone.state);
        if (now?.call !== call) {
          if (now) phone.send({ type: "leave" });
          else if (phone.state.at !== "idle") return void message.info(t("monitorCall.busy"));
          phone.send({ type: "monitor", call, mode });
          return muteFor(mode);
        }
        if (now.mode === mode) return;
        // Quiet at once; heard only after the server agreed.
        if (mode === "listen") muteFor(mode);
        try {
          await monitorCall.change(call, mode);
          phone.send({ type: "monitor_mode", mode });
          muteFor(mode);
        } catch (error) {
          muteFor(now.mode);
          message.error(problemWords(t, error));
        }
      },
      leave: () => phone.send({ type: "leave" }),
    }),
    [message, t],
  );
}
