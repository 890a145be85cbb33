/** Short names for the generated shapes. Nothing is written by hand here: `npm run types` follows the API. */
import type { components } from "./types.ts";

type Schemas = components["schemas"];
export type Role = Schemas["Role"];
export type Locale = Schemas["Locale"];
export type Label = Schemas["Label"];
export type Team = Schemas["Team"];
export type TeamBody = Schemas["TeamBody"];
export type User = Schemas["User"];
export type UserBody = Schemas["UserBody"];
export type SelfView = Schemas["SelfView"];
export type Grant = Schemas["Grant"];
export type Queue = Schemas["Queue"];
export type QueueBody = Schemas["QueueBody"];
export type QueueMember = Schemas["QueueMember"];
export type Overflow = Schemas["Overflow"];
export type Calendar = Schemas["Calendar"];
export type CalendarBody = Schemas["CalendarBody"];
export type CalendarState = Schemas["CalendarState"];
export type CalendarSwitch = Schemas["CalendarSwitch"];
export type PreviewDay = Schemas["PreviewDay"];
export type PreviewQuestion = Schemas["PreviewQuestion"];
export type PublicHolidays = Schemas["PublicHolidays"];
export type EntryPlan = Schemas["EntryPlan"];
export type Menu = Schemas["Menu"];
export type MenuOption = Schemas["MenuOption"];
export type MenuTarget = Schemas["MenuTarget"];
export type NumberBody = Schemas["NumberBody"];
export type Trunk = Schemas["Trunk"];
export type TrunkBody = Schemas["TrunkBody"];
export type BreakQuota = Schemas["BreakQuota"];
export type BreakReason = Schemas["BreakReason"];
export type BreakReasonBody = Schemas["BreakReasonBody"];
export type CapacityProfile = Schemas["CapacityProfile"];
export type CapacityProfileBody = Schemas["CapacityProfileBody"];
export type Channel = Schemas["Channel"];
export type Diagnosis = Schemas["Diagnosis"];
export type RoutingRule = Schemas["RoutingRule"];
export type RoutingRuleBody = Schemas["RoutingRuleBody"];
export type Code = Schemas["Code"];
export type CodeBody = Schemas["CodeBody"];
export type Prompt = Schemas["Prompt"];
export type PromptBody = Schemas["PromptBody"];
export type PromptSource = Schemas["PromptSource"];
export type Customer = Schemas["Customer"];
export type CustomerCard = Schemas["CustomerCard"];
export type Direction = Schemas["Direction"];
export type InteractionState = Schemas["InteractionState"];
export type Outcome = Schemas["Outcome"];
export type HangupCause = Schemas["HangupCause"];
export type InteractionDetail = Schemas["InteractionDetail"];
export type Route = Schemas["Route"];
export type Segment = Schemas["Segment"];
export type LegQuality = Schemas["LegQuality"];
export type Waveform = Schemas["Waveform"];
export type AgentStatus = Schemas["AgentStatus"];
export type Device = Schemas["Device"];
export type AgentLive = Schemas["AgentLive"];
export type WaitingLive = Schemas["WaitingLive"];
export type OfferLive = Schemas["OfferLive"];
export type CallLive = Schemas["CallLive"];
export type OfferCard = Schemas["OfferCard"];
export type CallCard = Schemas["CallCard"];
export type TrunkLive = Schemas["TrunkLive"];
export type Directory = Schemas["Directory"];
export type Session = Schemas["Session"];
export type SignedIn = Schemas["SignedIn"];
export type ApiKey = Schemas["ApiKey"];
export type NewApiKey = Schemas["NewApiKey"];
export type PhoneConfig = Schemas["PhoneConfig"];
export type Connected = Schemas["Connected"];
export type NumberRow = Schemas["Number"];
export type Interaction = Schemas["InteractionSummary"];
export type LegReport = Schemas["Leg"];
export type HistoryEvent = Schemas["EventView"];
export type AuditRow = Schemas["AuditEntry"];
export type SegmentKind = Segment["kind"];

// Watching: metrics, boards, alerts, webhooks.
export type MetricDefinition = Schemas["MetricDefinition"];
export type MetricName = Schemas["MetricName"];
export type MetricBetter = Schemas["MetricBetter"];
export type MetricQuestion = Schemas["MetricQuestion"];
export type MetricRecords = Answered<Schemas["MetricRecords"]>;
export type MetricScope = Schemas["MetricScope"];
export type MetricScopeKind = Schemas["MetricScopeKind"];
export type MetricUnit = Schemas["MetricUnit"];
export type MetricValue = Schemas["MetricValue"];
export type MetricWindow = Schemas["MetricWindow"];
export type Thresholds = Answered<Schemas["Thresholds"]>;
export type Board = Answered<Schemas["Board"]>;
export type BoardBody = Answered<Schemas["BoardBody"]>;
export type BoardChange = Answered<Schemas["BoardChange"]>;
export type BoardColumn = Answered<Schemas["BoardColumn"]>;
export type BoardLive = Answered<Schemas["BoardLive"]>;
export type BoardPoint = Answered<Schemas["BoardPoint"]>;
export type BoardRow = Answered<Schemas["BoardRow"]>;
export type BoardRows = Schemas["BoardRows"];
export type ComputedTile = Answered<Schemas["ComputedTile"]>;
export type Tile = Answered<Schemas["Tile"]>;
export type TileLevel = Schemas["TileLevel"];
export type TileShown = Answered<Schemas["TileShown"]>;
export type TileShows = Answered<Schemas["TileShows"]>;
export type Alert = Answered<Schemas["Alert"]>;
export type AlertCondition = Answered<Schemas["AlertCondition"]>;
export type AlertLevel = Schemas["AlertLevel"];
export type AlertMute = Schemas["AlertMute"];
export type AlertRule = Answered<Schemas["AlertRule"]>;
export type AlertRuleBody = Answered<Schemas["AlertRuleBody"]>;
export type AlertStep = Schemas["AlertStep"];
export type AlertTarget = Schemas["AlertTarget"];
export type Compare = Schemas["Compare"];
export type SuperviseMode = Schemas["SuperviseMode"];
export type Webhook = Answered<Omit<Schemas["Webhook"], "secret">>;
export type WebhookBody = Schemas["WebhookBody"];

/** As it is answered: what may be left out in writing is there in reading. */
type Answered<T> = T extends object ? { [K in keyof T]-?: Answered<T[K]> } : T;

/** One page of a list. */
export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** A session of a person: API keys have no pages. */
export type PersonSession = Session & { user: SelfView };
/** What a tile of one kind shows. */
export type ShownAs<K extends TileShows["kind"]> = Extract<TileShows, { kind: K }>;
