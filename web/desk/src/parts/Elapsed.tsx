import { clock, elapsedMs, exactTime, useTick } from "./time.ts";

/** Time since an instant, counting. `limitMs` turns it amber at half and red beyond. */
export function Elapsed({ since, limitMs, title = true }: { since: number; limitMs?: number; title?: boolean }) {
  useTick();
  const ms = elapsedMs(since);
  const tone = limitMs === undefined ? "" : ms >= limitMs ? "tone-alert" : ms >= limitMs / 2 ? "tone-warn" : "";
  return (
    <span className={`num ${tone}`} title={title ? exactTime(since) : undefined}>
      {clock(ms)}
    </span>
  );
}
