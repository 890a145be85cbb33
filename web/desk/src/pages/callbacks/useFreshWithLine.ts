/** Asks for the callbacks again when the line or the calls change: that is when a callback moves. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLive } from "../../live/store.ts";

/** Several changes of one moment are one question. */
const SETTLE_MS = 300;
/** What moves without a call: a time that comes, an end by its limit. */
const LOOK_MS = 5_000;

export function useFreshWithLine(): void {
  const client = useQueryClient();
  const waiting = useLive((state) => state.waiting);
  const calls = useLive((state) => state.calls);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are why it asks
  useEffect(() => {
    const ask = () => void client.invalidateQueries({ queryKey: ["callbacks"] });
    const soon = setTimeout(ask, SETTLE_MS);
    const often = setInterval(ask, LOOK_MS);
    return () => {
      clearTimeout(soon);
      clearInterval(often);
    };
  }, [client, waiting, calls]);
}
