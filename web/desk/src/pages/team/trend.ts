import type { Interaction } from "@zhiyin/client/model";

export interface Bucket {
  /** Start, microseconds. */
  at: number;
  answered: number;
  abandoned: number;
}

export const BUCKET_US = 5 * 60 * 1_000_000;
export const BUCKETS = 12;

/** Queue calls of the last hour in steps of five minutes, oldest first; the last step is the running one. */
export function buckets(rows: readonly Interaction[], now: number): Bucket[] {
  const last = Math.floor(now / BUCKET_US) * BUCKET_US;
  const result = Array.from({ length: BUCKETS }, (_, i) => ({
    at: last - (BUCKETS - 1 - i) * BUCKET_US,
    answered: 0,
    abandoned: 0,
  }));
  const first = result[0]?.at ?? last;
  for (const row of rows) {
    const bucket = result[Math.floor((row.started_at - first) / BUCKET_US)];
    if (!bucket) continue;
    if (row.outcome === "abandoned") bucket.abandoned += 1;
    else if (row.answered_at !== null) bucket.answered += 1;
  }
  return result;
}
