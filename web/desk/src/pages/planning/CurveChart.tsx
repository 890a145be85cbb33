/** The intraday curve: calls as bars with the agents they need as steps, and the service level to expect below. */
import type { StaffingPlan } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { bandPath, linePath, niceMax, scaleY, stepPath } from "./chart.ts";
import { shown, timeAt } from "./numbers.ts";
import type { Day } from "./staffing.ts";

const [WIDTH, HIGH, LOW] = [900, 190, 90];

function Axis({ max, unit }: { max: number; unit: string }) {
  return (
    <span className="chart-axis meta num" aria-hidden="true">
      <span>{shown("number", max, max < 1 ? 1 : 0)}</span>
      <span>{unit}</span>
      <span>0</span>
    </span>
  );
}

function Legend({ plan, day }: { plan: StaffingPlan; day: Day }) {
  const { t } = useTranslation();
  const has = (values: readonly unknown[]) => values.some((one) => one !== null);
  return (
    <ul className="chart-legend meta">
      <li className="key-calls">{t("planning.calls")}</li>
      <li className="key-planned">{t("planning.planned")}</li>
      {plan.chosen ? <li className="key-chosen">{t("planning.chosen")}</li> : null}
      {has(day.agents) ? <li className="key-measured">{t("planning.measuredAgents")}</li> : null}
      {has(day.level) ? <li className="key-dot">{t("planning.measuredLevel")}</li> : null}
      {plan.simulated ? <li className="key-simulated">{t("planning.simulated")}</li> : null}
    </ul>
  );
}

/** A place for the pointer over every interval: it says what stands there. */
function Tips({ plan, day, height }: { plan: StaffingPlan; day: Day; height: number }) {
  const { t } = useTranslation();
  const step = WIDTH / Math.max(1, plan.intervals.length);
  return plan.intervals.map((row, i) => (
    <rect key={row.at_s} x={i * step} y={0} width={step} height={height} className="chart-tip">
      <title>
        {t("planning.curveTip", {
          time: timeAt(row.at_s),
          calls: shown("number", row.calls, 1),
          agents: row.planned.agents,
          level: shown("share", (row.chosen ?? row.planned).expected.service_level),
          measured: shown("number", day.agents[i], 1),
        })}
      </title>
    </rect>
  ));
}

export function CurveChart({ plan, day, level }: { plan: StaffingPlan; day: Day; level: number }) {
  const { t } = useTranslation();
  const rows = plan.intervals;
  const step = WIDTH / Math.max(1, rows.length);
  const calls = niceMax(rows.map((row) => row.calls));
  const people = niceMax([...rows.map((row) => Math.max(row.planned.agents, row.chosen?.agents ?? 0)), ...day.agents]);
  const [ofCalls, ofPeople, ofShare] = [scaleY(0, calls, HIGH), scaleY(0, people, HIGH), scaleY(0, 1, LOW)];
  const simulated = plan.simulated?.intervals.map((one) => one.service_level) ?? [];
  const peak = Math.max(0, ...rows.map((row) => row.planned.agents));
  const words = t("planning.curveText", {
    from: timeAt(rows[0]?.at_s ?? 0),
    to: timeAt((rows.at(-1)?.at_s ?? 0) + plan.interval_s),
    calls: shown("number", plan.calls),
    agents: peak,
  });
  return (
    <figure className="planning-chart" data-testid="curve-chart">
      <Legend plan={plan} day={day} />
      <div className="chart-box">
        <Axis max={people} unit={t("planning.agentsUnit")} />
        <svg viewBox={`0 0 ${WIDTH} ${HIGH + 1}`} preserveAspectRatio="none" role="img" aria-label={words}>
          {rows.map((row, i) => (
            <rect
              key={row.at_s}
              x={i * step + 1}
              width={Math.max(1, step - 2)}
              y={ofCalls(row.calls)}
              height={HIGH - ofCalls(row.calls)}
              className="chart-bar"
            />
          ))}
          <path d={stepPath(day.agents, WIDTH, ofPeople)} className="chart-line line-measured" />
          <path
            d={stepPath(
              rows.map((row) => row.planned.agents),
              WIDTH,
              ofPeople,
            )}
            className="chart-line line-planned"
          />
          {plan.chosen ? (
            <path
              d={stepPath(
                rows.map((row) => row.chosen?.agents),
                WIDTH,
                ofPeople,
              )}
              className="chart-line line-chosen"
            />
          ) : null}
          <line x1={0} x2={WIDTH} y1={HIGH + 0.5} y2={HIGH + 0.5} className="chart-base" />
          <Tips plan={plan} day={day} height={HIGH} />
        </svg>
        <Axis max={calls} unit={t("planning.callsUnit")} />
      </div>
      <div className="chart-box chart-level">
        <span className="chart-axis meta num" aria-hidden="true">
          <span>100%</span>
          <span>{t("planning.levelShort")}</span>
          <span>0</span>
        </span>
        <svg viewBox={`0 0 ${WIDTH} ${LOW + 1}`} preserveAspectRatio="none" aria-hidden="true">
          <line x1={0} x2={WIDTH} y1={ofShare(level)} y2={ofShare(level)} className="chart-target" />
          <path d={bandPath(simulated, WIDTH, ofShare)} className="chart-band" />
          <path
            d={linePath(
              simulated.map((one) => one.value),
              WIDTH,
              ofShare,
            )}
            className="chart-line line-simulated"
          />
          <path
            d={stepPath(
              rows.map((row) => (row.calls > 0 ? (row.chosen ?? row.planned).expected.service_level : null)),
              WIDTH,
              ofShare,
            )}
            className={`chart-line ${plan.chosen ? "line-chosen" : "line-planned"}`}
          />
          {day.level.map((one, i) =>
            one === null ? null : (
              <rect
                key={rows[i]?.at_s ?? i}
                x={(i + 0.5) * step - 2}
                y={ofShare(one) - 2}
                width={4}
                height={4}
                className="chart-dot"
              />
            ),
          )}
          <line x1={0} x2={WIDTH} y1={LOW + 0.5} y2={LOW + 0.5} className="chart-base" />
          <Tips plan={plan} day={day} height={LOW} />
        </svg>
        <span className="chart-axis" />
      </div>
      <p className="chart-scale meta num" aria-hidden="true">
        {rows
          .filter((row) => row.at_s % 3600 === 0)
          .map((row) => (
            <span
              key={row.at_s}
              style={{ left: `${((row.at_s - (rows[0]?.at_s ?? 0)) / (plan.interval_s * rows.length)) * 100}%` }}
            >
              {timeAt(row.at_s)}
            </span>
          ))}
      </p>
    </figure>
  );
}
