import type { TrunkLive } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";

const LOOK: Record<TrunkLive["state"], [string, string]> = {
  up: ["●", "tone-ok"],
  down: ["▲", "tone-alert"],
  unknown: ["◌", "tone-off"],
  disabled: ["○", "tone-off"],
};

export function TrunkState({ trunk, enabled }: { trunk: TrunkLive | undefined; enabled: boolean }) {
  const { t } = useTranslation();
  const state = enabled ? (trunk?.state ?? "unknown") : "disabled";
  const [mark, tone] = LOOK[state];
  return (
    <span className="row" style={{ gap: 6 }} title={trunk?.last_error ?? undefined}>
      <span className={tone} aria-hidden="true">
        {mark}
      </span>
      {t(`trunkState.${state}`)}
    </span>
  );
}
