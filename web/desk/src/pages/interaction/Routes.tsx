/** Why each agent was asked, offer by offer: who else could have been, which rule left out whom, and what came of it. */
import type { InteractionDetail, Route, Segment } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { clock, exactTime } from "../../parts/time.ts";
import { offerOf } from "./offers.ts";
import { useResultWord } from "./words.ts";

type Why = Route["ruled_out"][number]["why"];

/** Agents left out, by the rule that did it. */
function byRule(route: Route): [Why, string[]][] {
  const rules = new Map<Why, string[]>();
  for (const { agent, why } of route.ruled_out) rules.set(why, [...(rules.get(why) ?? []), agent]);
  return [...rules];
}

function useNames() {
  const { t } = useTranslation();
  const { agents, queues } = useDirectory();
  const agent = (id: string | null | undefined) => agents.find((one) => one.id === id)?.display_name ?? "—";
  return {
    agent,
    agents: (ids: string[], total = ids.length) =>
      ids.map(agent).join(t("explain.comma")) +
      (total > ids.length ? t("explain.more", { count: total - ids.length }) : ""),
    queue: (id: string | null | undefined) => label(queues.find((one) => one.id === id)?.name),
  };
}

/** What led to the choice, one short statement each. */
function useReasons(): (route: Route) => string[] {
  const { t } = useTranslation();
  const name = useNames();
  return (route) => [
    t("explain.chosen", { strategy: t(`strategy.${route.strategy}`), count: route.candidates_total }),
    ...(route.waited_ms >= 1000 ? [t("explain.after", { time: clock(route.waited_ms) })] : []),
    ...(route.needs ? [t("explain.needs", { needs: route.needs })] : []),
    ...(route.step > 0 ? [t("explain.step", { count: route.step })] : []),
    ...(route.rules ?? []).map((rule) => t("explain.rule", { rule })),
    ...(route.preferred ? [t("explain.prefers", { name: name.agent(route.preferred) })] : []),
    ...(route.borrowed_from ? [t("explain.lent", { name: name.queue(route.borrowed_from) })] : []),
  ];
}

function Result({ offer }: { offer: Segment | undefined }) {
  const word = useResultWord();
  if (!offer) return null;
  const tone = offer.result === "answered" ? "tone-ok" : offer.result ? "tone-alert" : "tone-live";
  return (
    <span className={tone}>
      {word(offer.result)}
      {offer.ended_at ? <span className="num meta"> {clock((offer.ended_at - offer.started_at) / 1000)}</span> : null}
    </span>
  );
}

function Explained({ route, interaction }: { route: Route; interaction: InteractionDetail }) {
  const { t } = useTranslation();
  const name = useNames();
  const reasons = useReasons();
  const others = route.candidates.slice(1);
  const left: [string, string][] = [
    ...(others.length > 0
      ? ([[t("explain.others"), name.agents(others, route.candidates_total - 1)]] as [string, string][])
      : []),
    ...byRule(route).map(([why, who]): [string, string] => [t(`why.${why}`), name.agents(who)]),
  ];
  const unnamed = route.ruled_out_total - route.ruled_out.length;
  return (
    <li className="route" data-testid="route">
      <div className="route-head">
        <span className="num meta" title={exactTime(route.at)}>
          +{clock((route.at - interaction.started_at) / 1000)}
        </span>
        <span>
          {name.queue(route.queue)} → <strong>{name.agent(route.agent)}</strong>
        </span>
        <Result offer={offerOf(interaction.segments, route)} />
      </div>
      <ul className="route-reasons">
        {reasons(route).map((reason) => (
          <li key={reason} className="chip">
            {reason}
          </li>
        ))}
      </ul>
      {left.length > 0 ? (
        <dl className="route-left">
          {left.map(([why, who]) => (
            <div key={why}>
              <dt>{why}</dt>
              <dd>{who}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {unnamed > 0 ? <p className="meta">{t("explain.unnamed", { count: unnamed })}</p> : null}
    </li>
  );
}

export function Routes({ interaction }: { interaction: InteractionDetail }) {
  return (
    <ol className="routes">
      {interaction.routes.map((route) => (
        <Explained key={`${route.at}-${route.agent}`} route={route} interaction={interaction} />
      ))}
    </ol>
  );
}
