import type { StaffingPlan } from "@zhiyin/client/model";
import { InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import { shown, timeAt } from "./numbers.ts";

const AGENTS_MAX = 2_000;

/** Every interval in numbers; the agents one would rather have are typed here. */
export function StaffingTable({
  plan,
  agents,
  onAgents,
}: {
  plan: StaffingPlan;
  agents: readonly (number | null)[];
  onAgents: (at: number, value: number | null) => void;
}) {
  const { t } = useTranslation();
  const simulated = new Map(plan.simulated?.intervals.map((one) => [one.at_s, one.service_level]));
  const head: [string, string | undefined][] = [
    [t("planning.calls"), undefined],
    [t("planning.erlangs"), t("planning.erlangsTip")],
    [t("planning.agents"), t("planning.agentsTip")],
    [t("planning.headcount"), t("planning.headcountTip")],
    [t("planning.level"), t("planning.levelTip")],
    [t("planning.abandon"), undefined],
    [t("planning.asa"), t("planning.asaTip")],
    [t("planning.occupancy"), t("planning.occupancyTip")],
    [t("planning.yours"), t("planning.yoursTip")],
    [t("planning.levelYours"), t("planning.levelTip")],
  ];
  return (
    // Scrolled by keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="planning-table scroll" tabIndex={0} aria-label={t("planning.byInterval")}>
      <table data-testid="staffing-table">
        <thead>
          <tr>
            <th scope="col">{t("planning.time")}</th>
            {head.map(([words, tip]) => (
              <th key={words} scope="col" title={tip}>
                {words}
              </th>
            ))}
            {plan.simulated ? <th scope="col">{t("planning.levelSimulated")}</th> : null}
          </tr>
        </thead>
        <tbody className="num">
          {plan.intervals.map((row, i) => {
            const { agents: needed, headcount, expected } = row.planned;
            return (
              <tr key={row.at_s}>
                <th scope="row">{timeAt(row.at_s)}</th>
                <td>{shown("number", row.calls, 1)}</td>
                <td>{shown("number", row.erlangs, 2)}</td>
                <td>
                  <b>{needed}</b>
                </td>
                <td>{headcount}</td>
                <td>{shown("share", expected.service_level)}</td>
                <td>{shown("share", expected.p_abandon)}</td>
                <td>{shown("seconds", expected.asa_s)}</td>
                <td>{shown("share", expected.occupancy)}</td>
                <td>
                  <InputNumber
                    size="small"
                    min={0}
                    max={AGENTS_MAX}
                    precision={0}
                    value={agents[i] ?? null}
                    onChange={(value) => onAgents(i, value)}
                    aria-label={t("planning.yoursAt", { time: timeAt(row.at_s) })}
                    style={{ width: 72 }}
                    data-testid={`agents-${row.at_s}`}
                  />
                </td>
                <td>{row.chosen ? shown("share", row.chosen.expected.service_level) : ""}</td>
                {plan.simulated ? <td>{shown("share", simulated.get(row.at_s)?.value)}</td> : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
