import type { Route, Segment } from "@zhiyin/client/model";

/** The agent rings as soon as the router has chosen: this much later at most. */
const SLACK_US = 2_000_000;

/** The ringing that followed from a choice of the router: the first of that agent from then on. Pure. */
export function offerOf(
  segments: readonly Pick<Segment, "kind" | "agent" | "started_at" | "ended_at" | "result" | "id" | "queue">[],
  route: Pick<Route, "agent" | "at">,
): Segment | undefined {
  const late = (one: Pick<Segment, "started_at">) => Math.abs(one.started_at - route.at);
  const near = segments.filter((one) => one.kind === "offer" && one.agent === route.agent && late(one) <= SLACK_US);
  return near.toSorted((a, b) => late(a) - late(b))[0];
}
