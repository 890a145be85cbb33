import type { Route } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { clock, exactTime } from "../../parts/time.ts";

/** Agents left out, by the rule that did it. */
function byRule(route: Route): [Route["ruled_out"][number]["why"], string[]][] {
  const rules = new Map<Route["ruled_out"][number]["why"], string[]>();
  for (const { agent, why } of route.ruled_out) rules.set(why, [...(rules.get(why) ?? []), agent]);
  return [...rules];
}

function Explained({ route }: { route: Route }) {
  const { t } = useTranslation();
  const { agents, queues } = useDirectory();
  const name = (id: string | null | undefined) => agents.find((one) => one.id === id)?.display_name ?? "—";
  const names = (ids: string[], total = ids.length) =>
    ids.map(name).join(t("explain.comma")) +
    (total > ids.length ? t("explain.more", { count: total - ids.length }) : "");
  const queue = (id: string | null | undefined) => label(queues.find((one) => one.id === id)?.name);
  const facts: [string, string][] = [
    [t("routing.strategy"), t(`strategy.${route.strategy}`)],
    [t("explain.waited"), clock(route.waited_ms)],
    [t("explain.score"), clock(Math.max(0, route.score_ms))],
    ...(route.rules?.length
      ? ([[t("routingRules.title"), route.rules.join(t("explain.comma"))]] as [string, string][])
      : []),
    ...(route.needs ? ([[t("routing.needs"), route.needs]] as [string, string][]) : []),
    ...(route.step > 0 ? ([[t("routing.relax"), t("routing.step", { count: route.step })]] as [string, string][]) : []),
    ...(route.preferred ? ([[t("explain.preferred"), name(route.preferred)]] as [string, string][]) : []),
    ...(route.borrowed_from ? ([[t("routing.lender"), queue(route.borrowed_from)]] as [string, string][]) : []),
    [t("explain.candidates"), names(route.candidates, route.candidates_total)],
    ...byRule(route).map(([why, who]) => [t(`why.${why}`), names(who)] as [string, string]),
  ];
  return (
    <details className="sub" data-testid="route">
      <summary>
        <span className="num meta">{exactTime(route.at)}</span> {queue(route.queue)} →{" "}
        <strong>{name(route.agent)}</strong>
      </summary>
      <dl className="explain">
        {facts.map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Why each agent was asked: who else could have been, and which rule left out whom. */
export function Routes({ routes }: { routes: Route[] }) {
  return (
    <>
      {routes.map((route) => (
        <Explained key={`${route.at}-${route.agent}`} route={route} />
      ))}
    </>
  );
}
