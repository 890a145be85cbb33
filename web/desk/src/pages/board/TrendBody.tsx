import type { MetricValue, ShownAs } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { formatValue } from "../../parts/monitor/units.ts";
import { useMetrics } from "../../parts/monitor/useMetrics.ts";
import { shortTime } from "../../parts/time.ts";
import { NumberButton } from "./NumberButton.tsx";
import type { Ask } from "./TileView.tsx";
import { trendLine } from "./trend-path.ts";

const [WIDTH, HEIGHT] = [300, 100];

export function TrendBody({
  shows,
  points,
  ask,
}: {
  shows: ShownAs<"trend">;
  points: [number, MetricValue | null][];
  ask?: Ask;
}) {
  const { t } = useTranslation();
  const { byId, nameOf } = useMetrics();
  const unit = byId.get(shows.metric)?.unit ?? "count";
  const { line, area, max, last } = trendLine(
    points.map(([, value]) => value),
    WIDTH,
    HEIGHT,
  );
  const first = points[0]?.[0];
  const words = { metric: nameOf(shows.metric), max: formatValue(unit, max), last: formatValue(unit, last) };
  return (
    <div className="trend-tile">
      <div className="trend-figure">
        <NumberButton
          question={{ ...shows, window: "interval" }}
          value={points.at(-1)?.[1] ?? null}
          level="ok"
          ask={ask}
        />
        <span className="meta num">{t("board.highest", { value: words.max })}</span>
      </div>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT + 1}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t("board.trendWords", words)}
        className="trend-line"
      >
        <line x1="0" x2={WIDTH} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} className="trend-axis-line" />
        <path d={area} className="trend-area" />
        <path d={line} className="trend-stroke" />
      </svg>
      <p className="trend-scale meta num">
        <span>{first === undefined ? "" : shortTime(first)}</span>
        <span>{t("board.now")}</span>
      </p>
    </div>
  );
}
