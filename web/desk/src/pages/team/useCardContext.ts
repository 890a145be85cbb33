/** What every card of the grid needs, looked up once for all of them: a card is mounted while somebody scrolls. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory, useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { type MonitorActions, useMonitorActions } from "../../parts/call/useMonitorActions.ts";
import { type Supervise, useSupervise } from "./useSupervise.ts";

export interface CardContext {
  /** By user id. */
  names: ReadonlyMap<string, string>;
  /** By queue id. */
  queueNames: ReadonlyMap<string, string>;
  /** Break reasons: key and name, in their order. */
  breaks: readonly (readonly [key: string, name: string])[];
  supervise: Supervise;
  listen: MonitorActions;
  maySupervise: boolean;
  mayListen: boolean;
}

export function useCardContext(): CardContext {
  const { i18n } = useTranslation();
  const { agents, queues, break_reasons } = useDirectory();
  const { can } = useSession();
  const supervise = useSupervise();
  const listen = useMonitorActions();
  const [maySupervise, mayListen] = [can("agent.supervise"), can("call.monitor")];
  const language = i18n.language;
  return useMemo(() => {
    // Configured names follow the language of the page.
    void language;
    return {
      names: new Map(agents.map((one) => [one.id, one.display_name])),
      queueNames: new Map(queues.map((one) => [one.id, label(one.name)])),
      breaks: break_reasons.map((one) => [one.key, label(one.name)] as const),
      supervise,
      listen,
      maySupervise,
      mayListen,
    };
  }, [agents, queues, break_reasons, supervise, listen, maySupervise, mayListen, language]);
}
