import { useQuery } from "@tanstack/react-query";
import { interactions } from "@zhiyin/client/api";
import type { CustomerCard, Direction } from "@zhiyin/client/model";
import { useLive } from "../../live/store.ts";

/** The one interaction this agent is busy with, in whichever phase it is. */
export interface Current {
  phase: "offer" | "call" | "wrap_up";
  interaction: string;
  direction: Direction;
  remote: string;
  local: string;
  queue: string | null;
  customerId: string | null;
  customer: CustomerCard | null;
  startedAt: number;
  answeredAt: number | null;
  reason: string | null;
  waitedMs: number | null;
}

export function useCurrent(): Current | null {
  const offer = useLive((state) => state.offer);
  const call = useLive((state) => state.call);
  const lastCall = useLive((state) => state.lastCall);
  const lastOffer = useLive((state) => state.lastOffer);
  const agent = useLive((state) => state.agent);
  const wrapping = agent?.status === "wrap_up" ? (agent.interaction ?? null) : null;
  const known = wrapping !== null && lastCall?.call === wrapping ? lastCall : null;
  // After a reload in the wrap-up the call itself is gone: its record still has everything.
  const record = useQuery({
    queryKey: ["interaction", wrapping],
    queryFn: () => interactions.get(wrapping ?? ""),
    enabled: wrapping !== null && !known && !call,
  });
  if (call || known) {
    const one = call ?? known;
    if (!one) return null;
    const offered = lastOffer?.interaction === one.call ? lastOffer : null;
    return {
      phase: call ? "call" : "wrap_up",
      interaction: one.call,
      direction: one.direction,
      remote: one.remote,
      local: one.local,
      queue: one.queue ?? null,
      customerId: one.customer ?? null,
      customer: one.customer_card ?? null,
      startedAt: one.started_at,
      answeredAt: one.answered_at ?? null,
      reason: offered?.reason ?? null,
      waitedMs: offered?.waited_ms ?? null,
    };
  }
  if (wrapping && record.data) {
    const one = record.data;
    return {
      phase: "wrap_up",
      interaction: one.id,
      direction: one.direction,
      remote: one.remote,
      local: one.local,
      queue: one.queue ?? null,
      customerId: one.customer ?? null,
      customer: null,
      startedAt: one.started_at,
      answeredAt: one.answered_at ?? null,
      reason: null,
      waitedMs: one.wait_ms,
    };
  }
  if (!offer) return null;
  return {
    phase: "offer",
    interaction: offer.interaction,
    direction: "inbound",
    remote: offer.remote,
    local: offer.local,
    queue: offer.queue ?? null,
    customerId: offer.customer ?? null,
    customer: offer.customer_card ?? null,
    startedAt: offer.expires_at,
    answeredAt: null,
    reason: offer.reason ?? null,
    waitedMs: offer.waited_ms,
  };
}
