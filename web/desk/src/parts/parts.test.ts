import { describe, expect, it } from "vitest";
import { levelOf } from "./call/level.ts";
import { normalNumber } from "./call/number.ts";
import { clock, elapsedMs } from "./time.ts";

describe("clock", () => {
  it.each([
    [0, "00:00"],
    [59_999, "00:59"],
    [60_000, "01:00"],
    [3_600_000, "1:00:00"],
    [36_061_000, "10:01:01"],
    [-5, "00:00"],
  ])("%i ms is %s", (ms, text) => expect(clock(ms)).toBe(text));
});

describe("elapsedMs", () => {
  it("counts from microseconds and never backwards", () => {
    expect(elapsedMs(1_000_000, 3_500_000)).toBe(2500);
    expect(elapsedMs(9_000_000, 3_500_000)).toBe(0);
  });
});

describe("normalNumber", () => {
  it.each([
    ["1001", "1001"],
    [" 138 0013-8000 ", "13800138000"],
    ["+86 (21) 5566.7788", "+862155667788"],
    ["\uff11\uff13\uff18", "138"],
    ["*98#", "*98#"],
    ["", null],
    ["call me", null],
    ["+", null],
    ["12a", null],
    ["9".repeat(33), null],
  ])("%j is dialled as %j", (text, number) => expect(normalNumber(text)).toBe(number));
});

describe("levelOf", () => {
  const tone = (amplitude: number) => Float32Array.from({ length: 1024 }, (_, i) => amplitude * Math.sin(i / 3));
  it("is empty for silence, full for full scale, about two thirds for speech", () => {
    expect(levelOf(tone(0))).toBe(0);
    expect(levelOf(tone(1))).toBeGreaterThan(0.9);
    expect(levelOf(tone(0.15))).toBeGreaterThan(0.55);
    expect(levelOf(tone(0.15))).toBeLessThan(0.75);
  });
});
