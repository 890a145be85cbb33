/** All shortcuts. The handler and the help read this one table, so neither can be wrong about the other. */
export type KeyAction =
  | "answer"
  | "decline"
  | "mute"
  | "hold"
  | "transfer"
  | "keypad"
  | "hangup"
  | "wrapup"
  | "available"
  | "break"
  | "dial"
  | "alerts"
  | "kiosk"
  | "help";

export interface Shortcut {
  action: KeyAction;
  /** The physical key (`KeyboardEvent.code`), so that it is the same place on every layout. */
  code?: string;
  /** Or the character, where its place depends on the layout. */
  key?: string;
  mod?: boolean;
  alt?: boolean;
  shift?: boolean;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { action: "answer", code: "Enter", mod: true },
  { action: "decline", code: "KeyR", alt: true },
  { action: "mute", code: "KeyM", alt: true },
  { action: "hold", code: "KeyH", alt: true },
  { action: "transfer", code: "KeyT", alt: true },
  { action: "keypad", code: "KeyK", alt: true },
  { action: "hangup", code: "KeyX", alt: true },
  { action: "wrapup", code: "KeyW", alt: true },
  { action: "available", code: "KeyA", alt: true },
  { action: "break", code: "KeyB", alt: true },
  { action: "dial", code: "KeyN", alt: true },
  { action: "alerts", code: "KeyL", alt: true },
  { action: "kiosk", code: "KeyF" },
  { action: "help", key: "?" },
];

export interface KeyPress {
  code: string;
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  repeat: boolean;
}

/** Which action a key press means; none while a word is being composed or a field has the focus. */
export function actionOf(press: KeyPress, typing: boolean): KeyAction | null {
  // Some input methods report the composing key only by code 229, which browsers show as "Process".
  if (press.isComposing || press.key === "Process" || press.repeat || typing) return null;
  const mod = press.ctrlKey || press.metaKey;
  for (const one of SHORTCUTS) {
    if (one.key !== undefined) {
      if (press.key === one.key && !mod && !press.altKey) return one.action;
      continue;
    }
    const sameKey = press.code === one.code || (one.code === "Enter" && press.code === "NumpadEnter");
    if (
      sameKey &&
      mod === Boolean(one.mod) &&
      press.altKey === Boolean(one.alt) &&
      press.shiftKey === Boolean(one.shift)
    )
      return one.action;
  }
  return null;
}

/** Whether keys belong to what has the focus: a field, an editable text, a list that searches by letters. */
export function isTyping(
  target: { tagName?: string; isContentEditable?: boolean; type?: string; readOnly?: boolean } | null,
): boolean {
  if (!target) return false;
  if (target.isContentEditable) return true;
  const tag = target.tagName?.toUpperCase();
  if (tag === "TEXTAREA" || tag === "SELECT") return true;
  if (tag !== "INPUT") return false;
  return !["button", "checkbox", "radio", "range", "submit", "reset", "file", "color"].includes(target.type ?? "text");
}

/** How a shortcut is written on this keyboard: `Ctrl+Enter`, `⌥H`. */
export function keyLabel(shortcut: Shortcut, mac: boolean): string {
  const key = shortcut.key ?? (shortcut.code ?? "").replace(/^Key/, "");
  if (mac)
    return `${shortcut.mod ? "⌘" : ""}${shortcut.alt ? "⌥" : ""}${shortcut.shift ? "⇧" : ""}${key === "Enter" ? "↵" : key}`;
  const parts = [shortcut.mod && "Ctrl", shortcut.alt && "Alt", shortcut.shift && "Shift", key];
  return parts.filter(Boolean).join("+");
}
