/** The tones of alerts and of boards. Lower than the ring tone, so that nobody mistakes one for a call. */

import type { AlertLevel } from "@zhiyin/client/model";
import { devices } from "./devices.ts";
import { playNotes } from "./ring.ts";

/** One soft note to look up; three rising ones, louder, to get up. */
const NOTES: Record<AlertLevel, { notes: { at: number; hz: number }[]; loud: number }> = {
  warn: { notes: [{ at: 0, hz: 440 }], loud: 0.35 },
  critical: {
    notes: [
      { at: 0, hz: 392 },
      { at: 0.24, hz: 523.25 },
      { at: 0.48, hz: 392 },
      { at: 0.72, hz: 523.25 },
    ],
    loud: 0.8,
  },
};
const REPEAT_MS = 12_000;

let timer: ReturnType<typeof setInterval> | undefined;

export const alarm = {
  play(level: AlertLevel): void {
    const { notes, loud } = NOTES[level];
    if (devices.get().alertSound) playNotes(notes, loud);
  },
  /** The critical tone again and again while `on`. */
  repeat(on: boolean): void {
    if (on === (timer !== undefined)) return;
    clearInterval(timer);
    timer = on ? setInterval(() => alarm.play("critical"), REPEAT_MS) : undefined;
    if (on) alarm.play("critical");
  },
};
