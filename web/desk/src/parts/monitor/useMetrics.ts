import { useQuery } from "@tanstack/react-query";
import { monitor } from "@zhiyin/client/api";
import type { MetricDefinition, MetricScope } from "@zhiyin/client/model";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";

const NONE: readonly MetricDefinition[] = [];

/** The catalogue: what every number means. It changes with the server's version only. */
export function useMetricsQuery() {
  return useQuery({
    queryKey: ["metrics"],
    queryFn: async () => (await monitor.metrics()).metrics,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export interface Metrics {
  list: readonly MetricDefinition[];
  byId: ReadonlyMap<string, MetricDefinition>;
  /** The name in the language of the page; the id of one that this page does not know. */
  nameOf: (id: string) => string;
}

export function useMetrics(): Metrics {
  const list = useMetricsQuery().data ?? NONE;
  return useMemo(() => {
    const byId = new Map<string, MetricDefinition>(list.map((one) => [one.id, one]));
    return { list, byId, nameOf: (id) => label(byId.get(id)?.name) || id };
  }, [list]);
}

/** A queue's or agent's name; all of it for the whole house. */
export function useScopeName(): (scope: MetricScope) => string {
  const { t } = useTranslation();
  const { queues, agents } = useDirectory();
  return (scope) => {
    switch (scope.of) {
      case "tenant":
        return t("monitor.all");
      case "queue":
        return label(queues.find((one) => one.id === scope.queue)?.name) || t("monitor.unknownQueue");
      case "agent":
        return agents.find((one) => one.id === scope.agent)?.display_name || t("monitor.unknownAgent");
    }
  };
}

/** A key for lists: equal exactly when the scopes are. */
export function scopeKey(scope: MetricScope): string {
  if (scope.of === "queue") return `queue:${scope.queue}`;
  return scope.of === "agent" ? `agent:${scope.agent}` : "tenant";
}
