import type { Segment } from "@zhiyin/client/model";
import { describe, expect, it } from "vitest";
import { offerOf } from "./offers.ts";

const S = 1_000_000;
const segment = (id: string, kind: Segment["kind"], agent: string, at: number): Segment => ({
  id,
  kind,
  agent,
  queue: "q",
  started_at: at,
  ended_at: at + S,
  result: "no_answer",
});

describe("offerOf", () => {
  const segments = [
    segment("first", "offer", "a", 10 * S),
    segment("other", "offer", "b", 10 * S),
    segment("again", "offer", "a", 40 * S),
    segment("talk", "talk", "a", 41 * S),
  ];
  it.each([
    ["a", 10 * S, "first"],
    ["b", 10 * S, "other"],
    ["a", 39.9 * S, "again"],
    ["a", 20 * S, undefined],
    ["c", 10 * S, undefined],
  ])("%s at %i is %s", (agent, at, id) => expect(offerOf(segments, { agent, at })?.id).toBe(id));
});
