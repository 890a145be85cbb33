import { useEffect, useRef } from "react";
import { actionOf, isTyping, type KeyAction, keyLabel, SHORTCUTS } from "./table.ts";

export type KeyHandlers = Partial<Record<KeyAction, () => void>>;

const registered: { current: KeyHandlers }[] = [];

function onKeyDown(event: KeyboardEvent): void {
  const target = event.target as HTMLElement | null;
  if (event.key === "Escape" && isTyping(target) && !event.isComposing) {
    // Esc leaves the field, after which the shortcuts work again. Dialogs close by their own handler first.
    if (!target?.closest('[role="dialog"]')) target?.blur();
    return;
  }
  const action = actionOf(event, isTyping(target));
  if (!action) return;
  // The part that was mounted last is the one in front.
  const handler = registered.findLast((one) => one.current[action])?.current[action];
  if (!handler) return;
  event.preventDefault();
  handler();
}

/** Binds actions while the component is mounted; leave an action out to let what is below have it. */
export function useKeys(handlers: KeyHandlers): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    if (registered.length === 0) window.addEventListener("keydown", onKeyDown);
    registered.push(latest);
    return () => {
      registered.splice(registered.indexOf(latest), 1);
      if (registered.length === 0) window.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}

const mac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** The label of an action's shortcut on this machine. */
export function keyOf(action: KeyAction): string {
  const shortcut = SHORTCUTS.find((one) => one.action === action);
  return shortcut ? keyLabel(shortcut, mac) : "";
}
