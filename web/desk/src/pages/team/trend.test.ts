import type { Interaction } from "@zhiyin/client/model";
import { describe, expect, it } from "vitest";
import { BUCKET_US, BUCKETS, buckets } from "./trend.ts";

const NOW = 1000 * BUCKET_US + 7;
const row = (stepsAgo: number, outcome: Interaction["outcome"], answered: boolean) =>
  ({ started_at: NOW - stepsAgo * BUCKET_US, outcome, answered_at: answered ? 1 : null }) as Interaction;

describe("buckets", () => {
  it("counts answered and abandoned calls where they began", () => {
    const bars = buckets(
      [row(0, null, true), row(1, "abandoned", false), row(1, "handled", true), row(1, "self_served", false)],
      NOW,
    );
    expect(bars).toHaveLength(BUCKETS);
    expect(bars.at(-1)).toMatchObject({ answered: 1, abandoned: 0 });
    expect(bars.at(-2)).toMatchObject({ answered: 1, abandoned: 1 });
  });

  it("leaves out what is older than the hour or newer than now", () => {
    const bars = buckets([row(BUCKETS, "handled", true), row(-2, "handled", true)], NOW);
    expect(bars.every((bar) => bar.answered === 0)).toBe(true);
  });
});
