import type { StaffingPlan, StaffingTotal } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { shown } from "./numbers.ts";

function Figure({ name, value, title, tone = "" }: { name: string; value: string; title?: string; tone?: string }) {
  return (
    <div className="figure" title={title}>
      <dt>{name}</dt>
      <dd className={`num ${tone}`}>{value}</dd>
    </div>
  );
}

function Row({ words, total, level }: { words: string; total: StaffingTotal; level: number }) {
  const { t } = useTranslation();
  const met = total.service_level === null || total.service_level === undefined || total.service_level >= level;
  return (
    <section aria-label={words}>
      <h3>{words}</h3>
      <dl className="planning-figures">
        <Figure name={t("planning.agentsMax")} value={shown("number", total.agents_max)} />
        <Figure
          name={t("planning.headcountMax")}
          value={shown("number", total.headcount_max)}
          title={t("planning.headcountTip")}
        />
        <Figure name={t("planning.agentHours")} value={shown("number", total.agent_hours, 1)} />
        <Figure name={t("planning.paidHours")} value={shown("number", total.paid_hours, 1)} />
        <Figure
          name={t("planning.level")}
          value={shown("share", total.service_level)}
          title={t("planning.levelTip")}
          tone={met ? "" : "tone-alert"}
        />
        <Figure name={t("planning.abandon")} value={shown("share", total.p_abandon)} />
        <Figure name={t("planning.asa")} value={shown("seconds", total.asa_s)} title={t("planning.asaTip")} />
        <Figure
          name={t("planning.occupancy")}
          value={shown("share", total.occupancy)}
          title={t("planning.occupancyTip")}
        />
      </dl>
    </section>
  );
}

/** The whole day: what the plan needs, what the chosen agents make of it, and what the simulation says. */
export function StaffingTotals({ plan, level }: { plan: StaffingPlan; level: number }) {
  const { t } = useTranslation();
  const simulated = plan.simulated?.total.service_level;
  return (
    <div className="planning-totals" data-testid="staffing-totals">
      <Row words={t("planning.planned")} total={plan.planned} level={level} />
      {plan.chosen ? <Row words={t("planning.chosen")} total={plan.chosen} level={level} /> : null}
      {plan.simulated && simulated ? (
        <p className="meta" data-testid="staffing-simulated">
          {t("planning.simulatedLevel", {
            value: shown("share", simulated.value),
            low: shown("share", simulated.low),
            high: shown("share", simulated.high),
            count: plan.simulated.replications,
          })}
        </p>
      ) : null}
    </div>
  );
}
