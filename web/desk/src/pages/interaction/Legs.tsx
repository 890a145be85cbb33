import type { LegReport } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";

/** Mean opinion score: 4 and more is good, below 3.6 many people complain (ITU-T G.107 annex B). */
function mosTone(mos: number): string {
  if (mos >= 4) return "tone-ok";
  return mos >= 3.6 ? "tone-warn" : "tone-alert";
}

function Row({ leg }: { leg: LegReport }) {
  const { t } = useTranslation();
  const { agents } = useDirectory();
  const q = leg.quality;
  const name = agents.find((one) => one.id === leg.agent)?.display_name;
  return (
    <tr>
      <th scope="row">{[t(`party.${leg.party}`, { defaultValue: leg.party }), name].filter(Boolean).join(" · ")}</th>
      <td>{leg.codec}</td>
      <td className={mosTone(q.mos)}>{q.mos > 0 ? q.mos.toFixed(2) : "–"}</td>
      <td>{q.loss_pct.toFixed(2)} %</td>
      <td>{q.jitter_ms.toFixed(1)} ms</td>
      <td>{q.round_trip_ms === null || q.round_trip_ms === undefined ? "–" : `${q.round_trip_ms.toFixed(0)} ms`}</td>
      <td>{q.added_latency_ms.toFixed(2)} ms</td>
      <td>
        {q.packets_received} / {q.packets_sent}
      </td>
      <td className="meta">{leg.peer}</td>
    </tr>
  );
}

export function Legs({ legs }: { legs: LegReport[] }) {
  const { t } = useTranslation();
  if (legs.length === 0) return <p className="meta">{t("interaction.noLegs")}</p>;
  const heads = ["party", "codec", "mos", "loss", "jitter", "roundTrip", "added", "packets", "peer"] as const;
  return (
    <div className="scroll">
      <table className="legs num">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {t(`leg.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {legs.map((leg) => (
            <Row key={leg.leg} leg={leg} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
