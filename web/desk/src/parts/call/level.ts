/** −54 dBFS shows as nothing, 0 dBFS as full: speech then fills about two thirds. */
const FLOOR_DB = 54;

export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  return Math.max(0, Math.min(1, 1 + (20 * Math.log10(Math.max(rms, 1e-6))) / FLOOR_DB));
}
