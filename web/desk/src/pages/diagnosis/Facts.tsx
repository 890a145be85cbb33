import { serverNow } from "@zhiyin/client/http";
import type { Diagnosis } from "@zhiyin/client/model";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";
import { clock, exactTime, useTick } from "../../parts/time.ts";

/** Every member has a level up to this one. */
const LEVEL_MAX = 9;

/** How long until an instant, counting down. */
function Until({ at }: { at: number }) {
  const { t } = useTranslation();
  useTick();
  return (
    <span className="num" title={exactTime(at)}>
      {t("diagnosis.in", { time: clock((at - serverNow()) / 1000) })}
    </span>
  );
}

function useNames() {
  const { agents, queues } = useDirectory();
  const { t } = useTranslation();
  const comma = t("explain.comma");
  return {
    agents: (ids: string[]) => ids.map((id) => agents.find((one) => one.id === id)?.display_name ?? "—").join(comma),
    queues: (ids: string[]) => ids.map((id) => label(queues.find((one) => one.id === id)?.name)).join(comma),
  };
}

function useLevelWords() {
  const { t } = useTranslation();
  return (level: number) => (level >= LEVEL_MAX ? t("diagnosis.allLevels") : t("diagnosis.upToLevel", { level }));
}

function List({ facts, name }: { facts: [string, ReactNode][]; name: string }) {
  return (
    <dl className={name}>
      {facts.map(([term, text]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Where it stands. */
export function Facts({ found }: { found: Diagnosis }) {
  const { t } = useTranslation();
  const name = useNames();
  const level = useLevelWords();
  const facts: [string, ReactNode][] = [
    [t("explain.waited"), <Elapsed key="waited" since={found.since} />],
    [t("diagnosis.position"), t("diagnosis.ofWaiting", { position: found.position, count: found.waiting })],
    [t("numbers.priority"), found.priority],
    [t("routing.needs"), found.needs ?? t("config.none")],
    [t("diagnosis.asked"), level(found.level_max)],
  ];
  if (found.rules.length > 0) facts.push([t("routingRules.title"), found.rules.join(t("explain.comma"))]);
  if (found.kept_for) facts.push([t("diagnosis.keptFor"), name.agents([found.kept_for])]);
  if (found.ringing.length > 0) facts.push([t("diagnosis.ringing"), name.agents(found.ringing)]);
  if (found.overflow_at) facts.push([t("queues.overflow"), <Until key="overflow" at={found.overflow_at} />]);
  return <List facts={facts} name="diagnosis-facts" />;
}

/** What waiting longer changes. */
export function NextStep({ step }: { step: NonNullable<Diagnosis["next"]> }) {
  const { t } = useTranslation();
  const name = useNames();
  const level = useLevelWords();
  const facts: [string, ReactNode][] = [
    [t("routing.needs"), step.needs ?? t("config.none")],
    [t("diagnosis.asked"), level(step.level_max)],
  ];
  if (step.freed) facts.push([t("diagnosis.freed"), t("diagnosis.freedText")]);
  if (step.lenders.length > 0) facts.push([t("routing.borrow"), name.queues(step.lenders)]);
  facts.push([t("diagnosis.gains"), name.agents(step.gains) || t("config.none")]);
  return (
    <section className="card" aria-label={t("diagnosis.next")}>
      <div className="row">
        <h2 className="grow">{t("diagnosis.next")}</h2>
        <Until at={step.at} />
      </div>
      <List facts={facts} name="explain" />
    </section>
  );
}
