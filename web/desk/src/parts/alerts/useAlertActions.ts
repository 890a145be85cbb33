import { useQueryClient } from "@tanstack/react-query";
import { alerts } from "@zhiyin/client/api";
import type { Alert } from "@zhiyin/client/model";
import { App } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { reduceAlerts } from "../../live/alerts.ts";
import { live } from "../../live/store.ts";
import { problemWords } from "../problem.ts";

/** Says "I look after it"; shown at once, without waiting for the stream to tell the same. */
export function useAlertActions(): { acknowledge: (number: number) => Promise<void> } {
  const { message } = App.useApp();
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMemo(
    () => ({
      async acknowledge(number) {
        try {
          const alert: Alert = await alerts.acknowledge(number);
          const now = live.get();
          // Cleared in the meantime: the stream was faster, and it stays away.
          if (now.alerts.active.has(number))
            live.set({
              ...now,
              alerts: reduceAlerts(now.alerts, "alert", { what: "acknowledged", alert }, Date.now()),
            });
          await client.invalidateQueries({ queryKey: ["alerts"] });
        } catch (error) {
          message.error(problemWords(t, error));
        }
      },
    }),
    [message, t, client],
  );
}
