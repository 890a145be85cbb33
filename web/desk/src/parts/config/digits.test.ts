import { describe, expect, it } from "vitest";
import { freeDigit } from "./digits.ts";

describe("freeDigit", () => {
  it("takes the first that is not used", () => {
    expect(freeDigit([])).toBe("1");
    expect(freeDigit(["1", "2", "4"])).toBe("3");
    expect(freeDigit([..."123456789"])).toBe("0");
  });
});
