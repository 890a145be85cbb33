/** The calculator: a measured day fills it, the formulas answer, and the simulation stands beside. */
import type { PlanningHistory, StaffingPlan } from "@zhiyin/client/model";
import { Button, Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { Field } from "../../parts/Field.tsx";
import { problemWords } from "../../parts/problem.ts";
import { Empty, Failed, Loading } from "../../parts/Views.tsx";
import { CurveChart } from "./CurveChart.tsx";
import { DayChoice } from "./DayChoice.tsx";
import { csv, download, shown, timeAt } from "./numbers.ts";
import { StaffingInputs } from "./StaffingInputs.tsx";
import { StaffingTable } from "./StaffingTable.tsx";
import { StaffingTotals } from "./StaffingTotals.tsx";
import { type Day, dayOf, defaults, type Inputs, questionOf } from "./staffing.ts";
import { type Asked, useHistory, useSettled, useStaffing } from "./usePlanning.ts";

const WEEKS = [1, 2, 4, 8];

function Choice({
  asked,
  shownDate,
  onChange,
}: {
  asked: Asked;
  shownDate?: string;
  onChange: (asked: Asked) => void;
}) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  return (
    <div className="planning-choice">
      <Field label={t("planning.queue")} id="planning-queue">
        <Select
          id="planning-queue"
          value={asked.queue ?? ""}
          onChange={(queue) => onChange({ ...asked, queue: queue || null })}
          options={[
            { value: "", label: t("planning.allQueues") },
            ...queues.map((one) => ({ value: one.id, label: label(one.name) })),
          ]}
          style={{ width: 180 }}
          data-testid="planning-queue"
        />
      </Field>
      <Field label={t("planning.day")} id="planning-day">
        <DayChoice
          id="planning-day"
          value={asked.date}
          shown={shownDate}
          onChange={(date) => onChange({ ...asked, date })}
        />
      </Field>
      <Field label={t("planning.weeks")} id="planning-weeks">
        <Select
          id="planning-weeks"
          value={asked.weeks}
          onChange={(weeks) => onChange({ ...asked, weeks })}
          options={WEEKS.map((value) => ({
            value,
            label: value === 1 ? t("planning.thisDay") : t("planning.weeksOf", { count: value }),
          }))}
          style={{ width: 170 }}
        />
      </Field>
    </div>
  );
}

function Measured({ history }: { history: PlanningHistory }) {
  const { t } = useTranslation();
  const { total } = history;
  const patience =
    typeof history.patience_s === "number"
      ? t("planning.measuredPatience", { value: shown("seconds", history.patience_s, 0), count: history.abandons })
      : t("planning.noPatience");
  return (
    <p className="meta" data-testid="planning-measured">
      {t("planning.measured", {
        date: history.date,
        calls: shown("number", total.offered),
        level: shown("share", total.service_level),
        threshold: history.threshold_s,
        abandon: shown("share", total.abandon),
        aht: shown("seconds", total.aht_s, 0),
      })}{" "}
      {patience}
    </p>
  );
}

/** What the table shows, for a spreadsheet. Names are those of the API: they mean the same in every language. */
function exportPlan(history: PlanningHistory, plan: StaffingPlan): void {
  const head = ["time", "calls", "erlangs", "agents", "headcount", "service_level", "p_abandon", "asa_s", "occupancy"];
  const chosen = plan.chosen ? ["chosen_agents", "chosen_service_level"] : [];
  const rows = plan.intervals.map((row) => [
    timeAt(row.at_s),
    row.calls,
    row.erlangs,
    row.planned.agents,
    row.planned.headcount,
    row.planned.expected.service_level,
    row.planned.expected.p_abandon,
    row.planned.expected.asa_s ?? null,
    row.planned.expected.occupancy,
    ...(row.chosen ? [row.chosen.agents, row.chosen.expected.service_level] : []),
  ]);
  download(`staffing-${history.date}.csv`, csv([[...head, ...chosen], ...rows]));
}

function Calculator({ history, day }: { history: PlanningHistory; day: Day }) {
  const { t } = useTranslation();
  const [inputs, setInputs] = useState<Inputs>(() => defaults(history));
  const [agents, setAgents] = useState<(number | null)[]>(() => day.calls.map(() => null));
  // The plan does not hang on what was chosen: what was left empty is filled in by the table below.
  const base = useSettled(useMemo(() => questionOf(day, { ...inputs, simulate: false }, [], []), [day, inputs]));
  const planned = useStaffing(base);
  const needs = useMemo(() => planned.data?.intervals.map((row) => row.planned.agents) ?? [], [planned.data]);
  const whole = useSettled(useMemo(() => questionOf(day, inputs, agents, needs), [day, inputs, agents, needs]));
  const answered = useStaffing(whole);
  const plan = answered.data ?? planned.data;
  const error = answered.error ?? planned.error;
  return (
    <div className="planning-columns">
      <StaffingInputs history={history} inputs={inputs} onChange={setInputs} />
      <div className="stack planning-result" aria-busy={answered.isFetching}>
        {error ? (
          <p className="tone-alert" role="alert">
            {problemWords(t, error)}
          </p>
        ) : null}
        {plan ? (
          <>
            <StaffingTotals plan={plan} level={(inputs.level_percent ?? 0) / 100} />
            <CurveChart plan={plan} day={day} level={(inputs.level_percent ?? 0) / 100} />
            <div className="row">
              <h2 className="grow">{t("planning.byInterval")}</h2>
              <Button size="small" onClick={() => setAgents([...needs])} data-testid="agents-from-plan">
                {t("planning.fromPlan")}
              </Button>
              <Button
                size="small"
                disabled={!history.has_presence}
                onClick={() => setAgents(day.agents.map((one) => (one === null ? null : Math.round(one))))}
                data-testid="agents-from-day"
              >
                {t("planning.fromDay")}
              </Button>
              <Button size="small" onClick={() => setAgents(day.calls.map(() => null))}>
                {t("planning.clearAgents")}
              </Button>
              <Button size="small" onClick={() => exportPlan(history, plan)} data-testid="planning-csv">
                {t("planning.csv")}
              </Button>
            </div>
            <StaffingTable
              plan={plan}
              agents={agents}
              onAgents={(at, value) => setAgents(agents.map((one, i) => (i === at ? value : one)))}
            />
          </>
        ) : error ? null : (
          <Loading lines={10} />
        )}
      </div>
    </div>
  );
}

export function Staffing() {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked>({ queue: null, date: null, weeks: 1 });
  const history = useHistory(asked);
  const day = useMemo(() => (history.data ? dayOf(history.data) : null), [history.data]);
  return (
    <div className="stack" data-testid="staffing">
      <div className="row planning-top">
        <Choice asked={asked} shownDate={history.data?.date} onChange={setAsked} />
        {history.data && day ? <Measured history={history.data} /> : null}
      </div>
      {history.isPending ? <Loading lines={10} /> : null}
      {history.isError ? <Failed error={history.error} retry={() => void history.refetch()} /> : null}
      {history.data && !day ? (
        <Empty icon="planning" title={t("planning.emptyTitle")} text={t("planning.emptyText")} />
      ) : null}
      {history.data && day ? (
        <Calculator
          key={`${history.data.queue ?? ""} ${history.data.date} ${history.data.weeks}`}
          history={history.data}
          day={day}
        />
      ) : null}
    </div>
  );
}
