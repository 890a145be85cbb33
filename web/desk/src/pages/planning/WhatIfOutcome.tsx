/** What the other world would have been: by queue, by the quarter of an hour, and how far to believe it. */
import type { WhatIfBody, WhatIfCompared, WhatIfResult } from "@zhiyin/client/model";
import { Button, Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { DifferenceChart } from "./DifferenceChart.tsx";
import { csv, download, isReal, type Kind, ranged, shown } from "./numbers.ts";

type Figure = "service_level" | "asa_s" | "abandon" | "occupancy" | "overflowed";
interface Spec {
  name: Figure;
  kind: Kind;
  /** Which way is good. */
  better: 1 | -1 | 0;
}
const FIGURES: readonly Spec[] = [
  { name: "service_level", kind: "share", better: 1 },
  { name: "asa_s", kind: "seconds", better: -1 },
  { name: "abandon", kind: "share", better: -1 },
  { name: "occupancy", kind: "share", better: 0 },
  { name: "overflowed", kind: "number", better: -1 },
];
export type Curve = "service_level" | "asa_s" | "abandon";
const CURVES: readonly Curve[] = ["service_level", "asa_s", "abandon"];

/** Further off than this the base is not the day it claims to be. */
const LIKE_MAX = 0.05;

const realOf = (of: WhatIfCompared, name: Figure) => (name === "overflowed" ? of.real.flow_out : of.real[name]);

/** How far the simulated service level is from the real one. */
const offBy = (of: WhatIfCompared) => Math.abs((of.real.service_level ?? 0) - (of.before.service_level.value ?? 0));

function Agreement({ result, name }: { result: WhatIfResult; name: (key: string) => string }) {
  const { t } = useTranslation();
  const of = result.total;
  const like = offBy(of) <= LIKE_MAX;
  const off = result.queues.filter((one) => offBy(one) > LIKE_MAX);
  return (
    <div data-testid="agreement">
      <p className={like ? "meta" : "tone-warn"}>
        {t(like ? "planning.agrees" : "planning.disagrees", {
          real: shown("share", of.real.service_level),
          before: shown("share", of.before.service_level.value),
          realAsa: shown("seconds", of.real.asa_s),
          beforeAsa: shown("seconds", of.before.asa_s.value),
        })}
      </p>
      {off.length > 0 ? (
        <p className="tone-warn">{t("planning.offQueues", { queues: off.map((one) => name(one.key)).join(", ") })}</p>
      ) : null}
    </div>
  );
}

function Verdict({ spec, of }: { spec: Spec; of: WhatIfCompared }) {
  const { t } = useTranslation();
  const one = of.difference[spec.name];
  const real = isReal(one);
  const better = real && spec.better !== 0 ? Math.sign(one.value ?? 0) === spec.better : null;
  const tone = better === null ? "" : better ? "tone-ok" : "tone-alert";
  const mark = real ? ((one.value ?? 0) > 0 ? "▲" : "▼") : "≈";
  return (
    <span className={tone}>
      <span aria-hidden="true">{mark} </span>
      {ranged(spec.kind, one, spec.kind === "number" ? 1 : undefined)}
      <span className="visually-hidden">{t(real ? "planning.certain" : "planning.uncertain")}</span>
    </span>
  );
}

function Rows({ words, of }: { words: string; of: WhatIfCompared }) {
  const { t } = useTranslation();
  return FIGURES.map((spec, i) => (
    <tr key={spec.name} className={i === 0 ? "is-first" : ""}>
      {i === 0 ? (
        <th scope="rowgroup" rowSpan={FIGURES.length}>
          {words}
        </th>
      ) : null}
      <th scope="row">{t(`planning.figure.${spec.name}`)}</th>
      <td>{shown(spec.kind, realOf(of, spec.name))}</td>
      <td>{shown(spec.kind, of.before[spec.name].value, spec.kind === "number" ? 1 : undefined)}</td>
      <td>{shown(spec.kind, of.after[spec.name].value, spec.kind === "number" ? 1 : undefined)}</td>
      <td>
        <Verdict spec={spec} of={of} />
      </td>
    </tr>
  ));
}

function Assumptions({ result }: { result: WhatIfResult }) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  const name = (key: string | null | undefined) => label(queues.find((one) => one.key === key)?.name) || key || "";
  return (
    <details className="planning-assumptions" data-testid="assumptions">
      <summary>{t("planning.assumptions", { count: result.assumptions.length })}</summary>
      <ul>
        {result.assumptions.map((one) => (
          <li key={`${one.what} ${one.queue}`}>
            {t(`planning.assumption.${one.what}`, { queue: name(one.queue), count: one.count ?? 0 })}
          </li>
        ))}
      </ul>
    </details>
  );
}

function exportResult(result: WhatIfResult): void {
  const head = ["queue", "figure", "real", "before", "after", "difference", "low", "high"];
  const parts: [string, WhatIfCompared][] = [
    ...result.queues.map((one): [string, WhatIfCompared] => [one.key, one]),
    ["total", result.total],
  ];
  const rows = parts.flatMap(([key, of]) =>
    FIGURES.map(({ name }) => [
      key,
      name,
      realOf(of, name) ?? null,
      of.before[name].value ?? null,
      of.after[name].value ?? null,
      of.difference[name].value ?? null,
      of.difference[name].low ?? null,
      of.difference[name].high ?? null,
    ]),
  );
  download(`what-if-${result.date}.csv`, csv([head, ...rows]));
}

export function WhatIfOutcome({ result, request }: { result: WhatIfResult; request: WhatIfBody }) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  const [queue, setQueue] = useState("");
  const [figure, setFigure] = useState<Curve>("service_level");
  const name = (key: string) => label(queues.find((one) => one.key === key)?.name) || key;
  const quarters = result.queues.find((one) => one.key === queue)?.quarters ?? result.quarters;
  return (
    <section className="stack" aria-label={t("planning.result")} data-testid="what-if-result">
      <div className="row">
        <h2 className="grow">{t("planning.result")}</h2>
        <span className="meta num">
          {t("planning.played", {
            date: result.date,
            count: result.days,
            agents: result.agents,
            times: result.replications,
            seed: request.seed ?? result.seed,
          })}
        </span>
        <Button size="small" onClick={() => exportResult(result)} data-testid="result-csv">
          {t("planning.csv")}
        </Button>
      </div>
      <Agreement result={result} name={name} />
      <Assumptions result={result} />
      <div className="planning-outcome">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard too */}
        <section className="planning-table scroll" tabIndex={0} aria-label={t("planning.byQueue")}>
          <table data-testid="result-table">
            <thead>
              <tr>
                <th scope="col">{t("planning.queue")}</th>
                <th scope="col">{t("planning.figureHead")}</th>
                <th scope="col" title={t("planning.realTip")}>
                  {t("planning.real")}
                </th>
                <th scope="col" title={t("planning.beforeTip")}>
                  {t("planning.before")}
                </th>
                <th scope="col">{t("planning.after")}</th>
                <th scope="col" title={t("planning.differenceTip")}>
                  {t("planning.difference")}
                </th>
              </tr>
            </thead>
            <tbody className="num">
              <Rows words={t("planning.total")} of={result.total} />
              {result.queues.map((one) => (
                <Rows key={one.key} words={name(one.key)} of={one} />
              ))}
            </tbody>
          </table>
        </section>
        <div className="stack">
          <div className="row">
            <Select
              value={queue}
              onChange={setQueue}
              aria-label={t("planning.queue")}
              options={[
                { value: "", label: t("planning.allQueues") },
                ...result.queues.map((one) => ({ value: one.key, label: name(one.key) })),
              ]}
              style={{ width: 170 }}
            />
            <Segmented<Curve>
              value={figure}
              onChange={setFigure}
              aria-label={t("planning.figureHead")}
              options={CURVES.map((value) => ({ value, label: t(`planning.figure.${value}`) }))}
            />
          </div>
          <DifferenceChart quarters={quarters} figure={figure} />
        </div>
      </div>
    </section>
  );
}
