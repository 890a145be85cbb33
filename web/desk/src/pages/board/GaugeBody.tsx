import type { ComputedTile, ShownAs } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { LEVEL_TONE } from "../../parts/monitor/LevelMark.tsx";
import { formatBound } from "../../parts/monitor/units.ts";
import { useMetrics } from "../../parts/monitor/useMetrics.ts";
import { arc, shareOf, zones } from "./gauge.ts";
import { NumberButton } from "./NumberButton.tsx";
import type { Ask } from "./TileView.tsx";

const [CX, CY, R] = [60, 58, 46];

function Target({ share }: { share: number }) {
  const angle = Math.PI * (1 - share);
  const at = (r: number) => [CX + r * Math.cos(angle), CY - r * Math.sin(angle)] as const;
  const [[x1, y1], [x2, y2]] = [at(R - 8), at(R + 8)];
  return <line x1={x1} y1={y1} x2={x2} y2={y2} className="gauge-target" />;
}

export function GaugeBody({ shows, computed, ask }: { shows: ShownAs<"gauge">; computed?: ComputedTile; ask?: Ask }) {
  const { t } = useTranslation();
  const { byId } = useMetrics();
  const metric = byId.get(shows.metric);
  const unit = metric?.unit ?? "count";
  const value = computed?.shown.kind === "value" ? computed.shown.value : null;
  const level = computed?.level ?? "no_data";
  const target = shows.target ?? null;
  return (
    <div className="gauge">
      <svg viewBox="0 0 120 64" aria-hidden="true" className="gauge-dial">
        {zones(shows, shows.thresholds, metric?.better ?? "neither").map((zone) => (
          <path
            key={zone.level}
            d={arc(zone.from, zone.to, CX, CY, R + 7)}
            className={`gauge-zone ${shows.thresholds ? LEVEL_TONE[zone.level] : "tone-off"}`}
          />
        ))}
        <path d={arc(0, 1, CX, CY, R)} className="gauge-base" />
        {value ? (
          <path
            d={arc(0, Math.max(0.005, shareOf(value.value, shows)), CX, CY, R)}
            className={`gauge-value ${LEVEL_TONE[level]}`}
          />
        ) : null}
        {target === null ? null : <Target share={shareOf(target, shows)} />}
      </svg>
      <div className="gauge-figure">
        <NumberButton question={shows} value={value} level={level} ask={ask} />
      </div>
      <p className="gauge-scale meta num">
        <span>{formatBound(unit, shows.min)}</span>
        <span>{target === null ? "" : t("board.target", { value: formatBound(unit, target) })}</span>
        <span>{formatBound(unit, shows.max)}</span>
      </p>
    </div>
  );
}
