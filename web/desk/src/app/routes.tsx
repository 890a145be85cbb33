/** One lazy route a page. A page module exports `Component`. */
import { createBrowserRouter, type RouteObject } from "react-router";
import { Home } from "./Home.tsx";
import { NotFound } from "./NotFound.tsx";
import { PageFailed } from "./PageFailed.tsx";
import { Root } from "./Root.tsx";

const pages: RouteObject[] = [
  { index: true, Component: Home },
  { path: "desk", lazy: () => import("../pages/desk/index.tsx") },
  { path: "interactions", lazy: () => import("../pages/interactions/index.tsx") },
  { path: "interactions/:id", lazy: () => import("../pages/interaction/index.tsx") },
  { path: "callbacks", lazy: () => import("../pages/callbacks/index.tsx") },
  { path: "team", lazy: () => import("../pages/team/index.tsx") },
  { path: "boards", lazy: () => import("../pages/boards/index.tsx") },
  { path: "boards/:id", lazy: () => import("../pages/board/index.tsx") },
  { path: "alerts", lazy: () => import("../pages/alerts/index.tsx") },
  { path: "alert-rules", lazy: () => import("../pages/alertrules/index.tsx") },
  { path: "webhooks", lazy: () => import("../pages/webhooks/index.tsx") },
  { path: "metrics-help", lazy: () => import("../pages/metrics/index.tsx") },
  { path: "planning", lazy: () => import("../pages/planning/index.tsx") },
  { path: "people", lazy: () => import("../pages/people/index.tsx") },
  { path: "queues", lazy: () => import("../pages/queues/index.tsx") },
  { path: "queues/:queue/waiting", lazy: () => import("../pages/diagnosis/index.tsx") },
  { path: "queues/:queue/waiting/:interaction", lazy: () => import("../pages/diagnosis/index.tsx") },
  { path: "routing", lazy: () => import("../pages/routing/index.tsx") },
  { path: "numbers", lazy: () => import("../pages/numbers/index.tsx") },
  { path: "calendars", lazy: () => import("../pages/calendars/index.tsx") },
  { path: "trunks", lazy: () => import("../pages/trunks/index.tsx") },
  { path: "prompts", lazy: () => import("../pages/prompts/index.tsx") },
  { path: "codes", lazy: () => import("../pages/codes/index.tsx") },
  { path: "api-keys", lazy: () => import("../pages/apikeys/index.tsx") },
  { path: "audit", lazy: () => import("../pages/audit/index.tsx") },
  { path: "profile", lazy: () => import("../pages/profile/index.tsx") },
  { path: "*", Component: NotFound },
];

export const router = createBrowserRouter([
  { path: "/setup", lazy: () => import("../pages/setup/index.tsx"), ErrorBoundary: PageFailed },
  {
    path: "/",
    Component: Root,
    ErrorBoundary: PageFailed,
    HydrateFallback: () => null,
    children: [{ ErrorBoundary: PageFailed, children: pages }],
  },
]);
