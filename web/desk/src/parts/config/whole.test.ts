import { describe, expect, it } from "vitest";
import { whole } from "./whole.ts";

describe("whole", () => {
  it("keeps what no field shows and drops what is the server's", () => {
    const held = { id: "1", version: 3, name: "a", members: [{ user: "u", weight: 5 }], hours: null };
    expect(whole<object>(held, { name: "", members: [], hours: null })).toEqual({
      name: "a",
      members: [{ user: "u", weight: 5 }],
      hours: null,
    });
  });

  it("invents nothing that is not there", () => {
    expect(whole<object>({ name: "a" }, { name: "", password: "" })).toEqual({ name: "a" });
    expect(whole<object>(undefined, { name: "" })).toEqual({});
  });
});
