import type { IconName } from "../parts/Icon.tsx";

export interface NavItem {
  path: string;
  icon: IconName;
  /** Key under `nav.`. */
  name: string;
  permission: string;
  group: "work" | "admin";
}

export const NAV: readonly NavItem[] = [
  { path: "/desk", icon: "desk", name: "desk", permission: "agent.work", group: "work" },
  { path: "/interactions", icon: "calls", name: "interactions", permission: "interaction.read", group: "work" },
  { path: "/callbacks", icon: "callback", name: "callbacks", permission: "callback.read", group: "work" },
  { path: "/team", icon: "team", name: "team", permission: "live.view", group: "work" },
  { path: "/boards", icon: "boards", name: "boards", permission: "live.view", group: "work" },
  { path: "/alerts", icon: "bell", name: "alerts", permission: "live.view", group: "work" },
  { path: "/planning", icon: "planning", name: "planning", permission: "planning.use", group: "work" },
  { path: "/people", icon: "people", name: "people", permission: "user.read", group: "admin" },
  { path: "/queues", icon: "queues", name: "queues", permission: "config.write", group: "admin" },
  { path: "/routing", icon: "transfer", name: "routing", permission: "config.write", group: "admin" },
  { path: "/numbers", icon: "numbers", name: "numbers", permission: "config.write", group: "admin" },
  { path: "/calendars", icon: "calendar", name: "calendars", permission: "calendar.switch", group: "admin" },
  { path: "/trunks", icon: "trunks", name: "trunks", permission: "config.write", group: "admin" },
  { path: "/prompts", icon: "prompts", name: "prompts", permission: "config.write", group: "admin" },
  { path: "/codes", icon: "codes", name: "codes", permission: "config.write", group: "admin" },
  { path: "/alert-rules", icon: "rules", name: "alertRules", permission: "config.write", group: "admin" },
  { path: "/webhooks", icon: "webhooks", name: "webhooks", permission: "config.write", group: "admin" },
  { path: "/api-keys", icon: "keys", name: "apiKeys", permission: "api_key.manage", group: "admin" },
  { path: "/audit", icon: "audit", name: "audit", permission: "audit.read", group: "admin" },
];
