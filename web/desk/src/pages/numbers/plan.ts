/** Entry plans and menu targets are unions: each kind has its own fields, and the API refuses those of another kind. */
import type { EntryPlan, Menu, MenuTarget } from "@zhiyin/client/model";

export type PlanKind = EntryPlan["does"];
export const PLAN_KINDS: readonly PlanKind[] = ["ivr", "queue", "prompt", "voicemail", "bridge", "echo"];

const MENU: Menu = {
  prompt: "",
  timeout_ms: 5000,
  repeats: 2,
  options: [],
  otherwise: { to: "hang_up", prompt: null },
};

/** A fresh plan of one kind. */
export function blankPlan(kind: PlanKind): EntryPlan {
  switch (kind) {
    case "ivr":
      return { does: "ivr", welcome: null, recording_notice: null, menu: MENU };
    case "queue":
      return { does: "queue", queue: "", welcome: null, recording_notice: null, priority: 0 };
    case "prompt":
      return { does: "prompt", prompt: "" };
    case "voicemail":
      return { does: "voicemail", greeting: "", length_max_ms: 120_000 };
    case "bridge":
      return { does: "bridge", target: "", record: true };
    case "echo":
      return { does: "echo" };
  }
}

function targetBody(target: MenuTarget): MenuTarget {
  switch (target.to) {
    case "queue":
      return { to: "queue", queue: target.queue, priority: target.priority ?? 0 };
    case "prompt":
      return { to: "prompt", prompt: target.prompt };
    case "repeat":
      return { to: "repeat" };
    case "hang_up":
      return { to: "hang_up", prompt: target.prompt ?? null };
  }
}

function menuBody(menu: Menu): Menu {
  return {
    prompt: menu.prompt,
    timeout_ms: menu.timeout_ms,
    repeats: menu.repeats,
    options: (menu.options ?? []).map((one) => ({
      digit: one.digit,
      label: one.label,
      target: targetBody(one.target),
      needs: one.needs || null,
    })),
    otherwise: targetBody(menu.otherwise),
  };
}

/** The plan with the fields of its kind and no others. */
export function planBody(plan: EntryPlan): EntryPlan {
  switch (plan.does) {
    case "ivr":
      return {
        does: "ivr",
        welcome: plan.welcome ?? null,
        recording_notice: plan.recording_notice ?? null,
        menu: menuBody(plan.menu),
      };
    case "queue":
      return {
        does: "queue",
        queue: plan.queue,
        welcome: plan.welcome ?? null,
        recording_notice: plan.recording_notice ?? null,
        priority: plan.priority ?? 0,
      };
    case "prompt":
      return { does: "prompt", prompt: plan.prompt };
    case "voicemail":
      return { does: "voicemail", greeting: plan.greeting, length_max_ms: plan.length_max_ms };
    case "bridge":
      return { does: "bridge", target: plan.target, record: plan.record ?? false };
    case "echo":
      return { does: "echo" };
  }
}
