/** Holds the live state outside React, so that one message repaints only what shows it. */
import { useSyncExternalStore } from "react";
import { initialState, type LiveState } from "./state.ts";

let state: LiveState = initialState;
const listeners = new Set<() => void>();

export const live = {
  get: () => state,
  set(next: LiveState): void {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  clear: () => live.set(initialState),
};

/** A part of the live state; `select` must return something that stays the same while it means the same. */
export function useLive<T>(select: (state: LiveState) => T): T {
  return useSyncExternalStore(live.subscribe, () => select(state));
}
