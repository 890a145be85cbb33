/** The ring tone, made by WebAudio so that it needs no file and can go to its own speaker. */
import { devices } from "./devices.ts";

type SinkContext = AudioContext & { setSinkId?: (id: string) => Promise<void> };

/** Two soft notes, then quiet: heard across a room, bearable four hundred times a day. */
const NOTES = [
  { at: 0, hz: 659.25 },
  { at: 0.22, hz: 880 },
];
const PERIOD_S = 2.4;
const NOTE_S = 0.42;

let context: SinkContext | null = null;
let timer: ReturnType<typeof setInterval> | undefined;

function audio(): SinkContext {
  context ??= new AudioContext() as SinkContext;
  context.setSinkId?.(devices.get().ringer ?? "").catch(() => {});
  return context;
}

function note(ctx: AudioContext, hz: number, at: number, volume: number): void {
  const oscillator = ctx.createOscillator();
  const gain = ctx.createGain();
  oscillator.type = "sine";
  oscillator.frequency.value = hz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(volume, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S);
  oscillator.connect(gain).connect(ctx.destination);
  oscillator.start(at);
  oscillator.stop(at + NOTE_S);
}

/** Notes on the ringer, `loud` from 0 to 1 of the chosen volume. */
export function playNotes(notes: readonly { at: number; hz: number }[], loud: number): void {
  const ctx = audio();
  void ctx.resume();
  for (const one of notes) note(ctx, one.hz, ctx.currentTime + one.at, devices.get().ringVolume * loud);
}

function playOnce(): void {
  playNotes(NOTES, 0.5);
}

export const ring = {
  start(): void {
    ring.stop();
    playOnce();
    timer = setInterval(playOnce, PERIOD_S * 1000);
  },
  stop(): void {
    clearInterval(timer);
    timer = undefined;
  },
  /** One ring, from the device settings. */
  test: playOnce,
  /** Browsers start audio only after a gesture: call it from the first one. */
  unlock(): void {
    if (context?.state !== "running") void audio().resume();
  },
};

/** A short tone on the chosen speaker, to hear whether the headset is the right one. */
export async function testSpeaker(): Promise<void> {
  const ctx = new AudioContext() as SinkContext;
  await ctx.setSinkId?.(devices.get().speaker ?? "").catch(() => {});
  note(ctx, 523.25, ctx.currentTime, 0.4);
  note(ctx, 783.99, ctx.currentTime + 0.35, 0.4);
  setTimeout(() => void ctx.close(), 1200);
}
