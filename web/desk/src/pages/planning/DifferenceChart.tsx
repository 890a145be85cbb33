/** By the quarter of an hour: what was, before and after; and below the difference with its interval of 95 %. */
import type { WhatIfQuarter } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { bandPath, linePath, niceMax, scaleY } from "./chart.ts";
import { type Kind, ranged, shown, timeAt } from "./numbers.ts";
import type { Curve } from "./WhatIfOutcome.tsx";

const [WIDTH, HIGH, LOW] = [620, 170, 110];
const QUARTER_S = 900;

/** All quarters from the first to the last, those without callers as gaps. */
function filled(quarters: readonly WhatIfQuarter[]): (WhatIfQuarter | null)[] {
  const [first, last] = [quarters[0]?.at_s ?? 0, quarters.at(-1)?.at_s ?? 0];
  const byTime = new Map(quarters.map((one) => [one.at_s, one]));
  return Array.from({ length: (last - first) / QUARTER_S + 1 }, (_, i) => byTime.get(first + i * QUARTER_S) ?? null);
}

function Legend() {
  const { t } = useTranslation();
  return (
    <ul className="chart-legend meta">
      <li className="key-dot">{t("planning.real")}</li>
      <li className="key-planned">{t("planning.before")}</li>
      <li className="key-chosen">{t("planning.after")}</li>
      <li className="key-band">{t("planning.difference")}</li>
    </ul>
  );
}

function Scale({ top, middle, bottom }: { top: string; middle: string; bottom: string }) {
  return (
    <span className="chart-axis meta num" aria-hidden="true">
      <span>{top}</span>
      <span>{middle}</span>
      <span>{bottom}</span>
    </span>
  );
}

export function DifferenceChart({ quarters, figure }: { quarters: readonly WhatIfQuarter[]; figure: Curve }) {
  const { t } = useTranslation();
  const kind: Kind = figure === "asa_s" ? "seconds" : "share";
  const rows = filled(quarters);
  const step = WIDTH / Math.max(1, rows.length);
  const values = rows.flatMap((one) => [one?.real[figure], one?.before[figure].value, one?.after[figure].value]);
  const max = figure === "service_level" ? 1 : niceMax(values);
  const differences = rows.map((one) => one?.difference[figure] ?? null);
  const reach = niceMax(differences.flatMap((one) => [Math.abs(one?.low ?? 0), Math.abs(one?.high ?? 0)]));
  const [y, d] = [scaleY(0, max, HIGH), scaleY(-reach, reach, LOW)];
  const certain = differences.filter((one) => one && ((one.low ?? 0) > 0 || (one.high ?? 0) < 0)).length;
  const words = t("planning.differenceText", { figure: t(`planning.figure.${figure}`), certain, all: quarters.length });
  return (
    <figure className="planning-chart" data-testid="difference-chart">
      <Legend />
      <div className="chart-box">
        <Scale top={shown(kind, max, 0)} middle="" bottom={shown(kind, 0, 0)} />
        <svg viewBox={`0 0 ${WIDTH} ${HIGH + 1}`} preserveAspectRatio="none" role="img" aria-label={words}>
          <path
            d={linePath(
              rows.map((one) => one?.before[figure].value),
              WIDTH,
              y,
            )}
            className="chart-line line-planned"
          />
          <path
            d={linePath(
              rows.map((one) => one?.after[figure].value),
              WIDTH,
              y,
            )}
            className="chart-line line-chosen"
          />
          {rows.map((one, i) => {
            const real = one?.real[figure];
            if (!one || real === null || real === undefined) return null;
            return (
              <rect
                key={one.at_s}
                x={(i + 0.5) * step - 2}
                y={y(real) - 2}
                width={4}
                height={4}
                className="chart-dot"
              />
            );
          })}
          <line x1={0} x2={WIDTH} y1={HIGH + 0.5} y2={HIGH + 0.5} className="chart-base" />
        </svg>
      </div>
      <div className="chart-box chart-difference">
        <Scale top={`+${shown(kind, reach, 0)}`} middle="0" bottom={`−${shown(kind, reach, 0)}`} />
        <svg viewBox={`0 0 ${WIDTH} ${LOW + 1}`} preserveAspectRatio="none" aria-hidden="true">
          <path d={bandPath(differences, WIDTH, d)} className="chart-band" />
          <line x1={0} x2={WIDTH} y1={d(0)} y2={d(0)} className="chart-base" />
          <path
            d={linePath(
              differences.map((one) => one?.value),
              WIDTH,
              d,
            )}
            className="chart-line line-simulated"
          />
          {rows.map((one, i) =>
            one ? (
              <rect key={one.at_s} x={i * step} y={0} width={step} height={LOW} className="chart-tip">
                <title>
                  {t("planning.quarterTip", {
                    time: timeAt(one.at_s),
                    calls: shown("number", one.offered),
                    before: shown(kind, one.before[figure].value),
                    after: shown(kind, one.after[figure].value),
                    difference: ranged(kind, one.difference[figure]),
                  })}
                </title>
              </rect>
            ) : null,
          )}
        </svg>
      </div>
      <p className="chart-scale meta num" aria-hidden="true">
        {rows.map((_, i) => {
          const at = (quarters[0]?.at_s ?? 0) + i * QUARTER_S;
          return at % 7200 === 0 ? (
            <span key={at} style={{ left: `${(i / rows.length) * 100}%` }}>
              {timeAt(at)}
            </span>
          ) : null;
        })}
      </p>
    </figure>
  );
}
