import { describe, expect, it } from "vitest";
import { actionOf, isTyping, type KeyPress, keyLabel, SHORTCUTS } from "./table.ts";

const press = (code: string, change: Partial<KeyPress> = {}): KeyPress => ({
  code,
  key: code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  repeat: false,
  ...change,
});

describe("actionOf", () => {
  it.each([
    [press("Enter", { ctrlKey: true }), "answer"],
    [press("Enter", { metaKey: true }), "answer"],
    [press("NumpadEnter", { ctrlKey: true }), "answer"],
    [press("KeyM", { altKey: true, key: "µ" }), "mute"],
    [press("KeyH", { altKey: true }), "hold"],
    [press("KeyT", { altKey: true }), "transfer"],
    [press("KeyW", { altKey: true }), "wrapup"],
    [press("KeyL", { altKey: true }), "alerts"],
    [press("KeyF", { key: "f" }), "kiosk"],
    [press("KeyF", { ctrlKey: true }), null],
    [press("Slash", { key: "?", shiftKey: true }), "help"],
    [press("Enter"), null],
    [press("KeyM"), null],
    [press("KeyM", { altKey: true, ctrlKey: true }), null],
    [press("KeyM", { altKey: true, shiftKey: true }), null],
  ])("%o", (one, action) => {
    expect(actionOf(one, false)).toBe(action);
  });

  it("is silent while typing, composing and repeating", () => {
    const answer = press("Enter", { ctrlKey: true });
    expect(actionOf(answer, true)).toBeNull();
    expect(actionOf({ ...answer, isComposing: true }, false)).toBeNull();
    expect(actionOf({ ...answer, key: "Process" }, false)).toBeNull();
    expect(actionOf({ ...answer, repeat: true }, false)).toBeNull();
  });

  it("has no two actions on one key", () => {
    const keys = SHORTCUTS.map((one) => keyLabel(one, false));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("isTyping", () => {
  it.each([
    [{ tagName: "INPUT", type: "text" }, true],
    [{ tagName: "INPUT", type: "tel" }, true],
    [{ tagName: "INPUT", type: "radio" }, false],
    [{ tagName: "TEXTAREA" }, true],
    [{ tagName: "DIV", isContentEditable: true }, true],
    [{ tagName: "BUTTON" }, false],
    [null, false],
  ])("%o is %s", (target, expected) => {
    expect(isTyping(target)).toBe(expected);
  });
});

describe("keyLabel", () => {
  it("writes keys as the machine's users know them", () => {
    expect(keyLabel({ action: "answer", code: "Enter", mod: true }, false)).toBe("Ctrl+Enter");
    expect(keyLabel({ action: "answer", code: "Enter", mod: true }, true)).toBe("⌘↵");
    expect(keyLabel({ action: "hold", code: "KeyH", alt: true }, true)).toBe("⌥H");
  });
});
