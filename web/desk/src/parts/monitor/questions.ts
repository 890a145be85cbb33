/** What may be asked of a metric: whom and over what time. Pure; the server checks the same. */
import type {
  MetricDefinition,
  MetricQuestion,
  MetricScope,
  MetricScopeKind,
  MetricWindow,
} from "@zhiyin/client/model";

export const WINDOWS: readonly MetricWindow[] = [
  "now",
  "interval",
  "last_interval",
  "last_15_min",
  "last_30_min",
  "today",
];
export const SCOPE_KINDS: readonly MetricScopeKind[] = ["tenant", "queue", "agent"];

export function fits(metric: MetricDefinition | undefined, scope: MetricScopeKind, window: MetricWindow): boolean {
  return Boolean(metric?.scopes.includes(scope) && metric.windows.includes(window));
}

/** The same question about another metric, changed only where it would make no sense. */
export function adapt<Q extends MetricQuestion>(question: Q, metric: MetricDefinition): Q {
  const window = metric.windows.includes(question.window) ? question.window : firstWindow(metric);
  const scope: MetricScope = metric.scopes.includes(question.scope.of) ? question.scope : { of: "tenant" };
  return { ...question, metric: metric.id, window, scope };
}

/** Today for what is counted over time: it is what people ask first. */
export function firstWindow(metric: MetricDefinition): MetricWindow {
  const wanted: readonly MetricWindow[] = ["now", "today"];
  return wanted.find((one) => metric.windows.includes(one)) ?? metric.windows[0] ?? "now";
}

/** A scope that names its queue or agent. */
export function isWhole(scope: MetricScope): boolean {
  if (scope.of === "queue") return scope.queue !== "";
  return scope.of === "agent" ? scope.agent !== "" : true;
}

/** Metrics whose name (either language), id or formula has every word of the search. */
export function findMetrics(metrics: readonly MetricDefinition[], search: string): MetricDefinition[] {
  const words = search.normalize("NFKC").trim().toLowerCase().split(/\s+/).filter(Boolean);
  const text = (one: MetricDefinition) =>
    `${one.id} ${one.name.zh} ${one.name.en} ${one.formula.zh} ${one.formula.en}`.toLowerCase();
  return metrics.filter((one) => words.every((word) => text(one).includes(word)));
}
