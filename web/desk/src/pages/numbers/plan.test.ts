import type { EntryPlan } from "@zhiyin/client/model";
import { describe, expect, it } from "vitest";
import { blankPlan, PLAN_KINDS, planBody } from "./plan.ts";

describe("planBody", () => {
  it.each(PLAN_KINDS)("a fresh %s plan keeps its own fields", (kind) => {
    expect(planBody(blankPlan(kind))).toEqual(blankPlan(kind));
  });

  it("drops what another kind left behind", () => {
    const mixed = { ...blankPlan("ivr"), does: "echo" } as unknown as EntryPlan;
    expect(planBody(mixed)).toEqual({ does: "echo" });
  });

  it("cuts every menu target to its kind", () => {
    const plan = planBody({
      does: "ivr",
      welcome: undefined as never,
      recording_notice: null,
      menu: {
        prompt: "menu",
        timeout_ms: 5000,
        repeats: 1,
        options: [
          {
            digit: "1",
            label: { zh: "a", en: "b" },
            target: { to: "queue", queue: "service", prompt: "old" } as never,
          },
          { digit: "2", label: { zh: "a", en: "b" }, target: { to: "repeat", queue: "old" } as never },
        ],
        otherwise: { to: "hang_up", prompt: undefined } as never,
      },
    });
    expect(plan).toMatchObject({ welcome: null, menu: { otherwise: { to: "hang_up", prompt: null } } });
    expect((plan as { menu: { options: { target: unknown }[] } }).menu.options.map((one) => one.target)).toEqual([
      { to: "queue", queue: "service", priority: 0 },
      { to: "repeat" },
    ]);
  });
});
