import { useTranslation } from "react-i18next";
import { useLive } from "../live/store.ts";
import { clock, useTick } from "../parts/time.ts";

const QUIET_MS = 1500;

/** Says since when the page may be out of date; quiet for the blink of a reconnect. */
export function Connection() {
  const { t } = useTranslation();
  const since = useLive((state) => state.staleSince);
  useTick();
  const ms = since === null ? 0 : Date.now() - since;
  if (since === null || ms < QUIET_MS) return null;
  return (
    <div className="stale" role="status">
      <span className="stale-mark" aria-hidden="true" />
      {t("live.stale", { time: clock(ms) })}
    </div>
  );
}
