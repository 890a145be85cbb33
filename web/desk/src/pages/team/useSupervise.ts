/** What a supervisor does to an agent: another state, other queues. The stream tells the result. */
import type { WantedStatus } from "@zhiyin/client/api";
import { supervise } from "@zhiyin/client/api";
import { App } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { problemWords } from "../../parts/problem.ts";
import { membership } from "./roster.ts";

export interface Supervise {
  setStatus(user: string, status: WantedStatus, reason?: string): Promise<void>;
  /** Puts the agent into exactly these queues; false when one of the changes was refused. */
  setQueues(user: string, before: readonly string[], after: readonly string[]): Promise<boolean>;
}

export function useSupervise(): Supervise {
  const { message } = App.useApp();
  const { t } = useTranslation();
  return useMemo(() => {
    const attempt = async (run: () => Promise<unknown>): Promise<boolean> => {
      try {
        await run();
        return true;
      } catch (error) {
        message.error(problemWords(t, error));
        return false;
      }
    };
    return {
      async setStatus(user, status, reason) {
        await attempt(() => supervise.setStatus(user, reason === undefined ? { status } : { status, reason }));
      },
      setQueues: (user, before, after) =>
        attempt(async () => {
          const { add, remove } = membership(before, after);
          // Into the new one first: nobody stands without a queue in between.
          for (const queue of add) await supervise.addMember(queue, user);
          for (const queue of remove) await supervise.removeMember(queue, user);
        }),
    };
  }, [message, t]);
}
