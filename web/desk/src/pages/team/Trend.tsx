import { useQuery } from "@tanstack/react-query";
import { interactions } from "@zhiyin/client/api";
import { serverNow } from "@zhiyin/client/http";
import { useTranslation } from "react-i18next";
import { shortTime } from "../../parts/time.ts";
import { BUCKET_US, BUCKETS, buckets } from "./trend.ts";

const REFRESH_MS = 30_000;
const PAGE = 200;
const WIDTH = 300;
const HEIGHT = 72;

/** The last hour in five-minute bars: answered, and abandoned on top of it. */
export function Trend() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["interactions", "trend"],
    queryFn: () => interactions.list({ from: serverNow() - BUCKETS * BUCKET_US, limit: PAGE }),
    refetchInterval: REFRESH_MS,
  });
  const bars = buckets(query.data?.items ?? [], serverNow());
  const answered = bars.reduce((sum, one) => sum + one.answered, 0);
  const abandoned = bars.reduce((sum, one) => sum + one.abandoned, 0);
  const top = Math.max(4, ...bars.map((one) => one.answered + one.abandoned));
  const step = WIDTH / BUCKETS;
  const high = (count: number) => (count / top) * HEIGHT;
  return (
    <section aria-label={t("team.trend")}>
      <div className="row section-head">
        <h2 className="grow">{t("team.trend")}</h2>
        <span className="meta num">
          <span className="tone-ok">■</span> {t("team.answered")} {answered} <span className="tone-alert">▨</span>{" "}
          {t("outcome.abandoned")} {abandoned}
        </span>
      </div>
      <svg
        className="trend"
        viewBox={`0 0 ${WIDTH} ${HEIGHT + 1}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t("team.trendText", { answered, abandoned })}
      >
        <line x1="0" x2={WIDTH} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} className="trend-base" />
        {bars.map((bar, i) => (
          <g key={bar.at}>
            <title>{`${shortTime(bar.at)} · ${t("team.answered")} ${bar.answered} · ${t("outcome.abandoned")} ${bar.abandoned}`}</title>
            <rect
              x={i * step + 3}
              width={step - 6}
              y={HEIGHT - high(bar.answered)}
              height={high(bar.answered)}
              className="trend-answered"
            />
            <rect
              x={i * step + 3}
              width={step - 6}
              y={HEIGHT - high(bar.answered + bar.abandoned)}
              height={high(bar.abandoned)}
              className="trend-abandoned"
            />
          </g>
        ))}
      </svg>
      <div className="row meta num trend-axis">
        <span>{shortTime(bars[0]?.at ?? 0)}</span>
        <span className="grow" />
        <span>{t("team.now")}</span>
      </div>
    </section>
  );
}
