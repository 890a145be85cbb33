/** Ties stream, softphone, ring tone and tabs together for one signed-in person. */
import { onUnauthenticated } from "@zhiyin/client/http";
import type { Alert, AlertStep, Grant } from "@zhiyin/client/model";
import { Stream, type StreamMessage, type Topic } from "@zhiyin/client/socket";
import { alarm } from "./alarm.ts";
import { mustRepeat } from "./alerts.ts";
import { keepBoards } from "./board.ts";
import { devices } from "./devices.ts";
import { type Leadership, lead, type TabCommand } from "./leader.ts";
import { notifyOffer, type OfferWords } from "./notify.ts";
import { monitored } from "./phone.ts";
import { Phone } from "./phone-driver.ts";
import { ring } from "./ring.ts";
import { connectionChanged, type LiveState, reduce } from "./state.ts";
import { live } from "./store.ts";

export const phone = new Phone();

let leadership: Leadership | null = null;
let stream: Stream | null = null;
let words: OfferWords = { title: () => "", open: () => {} };
let closeNotice: () => void = () => {};

/** How an incoming call reads in a notification; set by the interface, which knows the language. */
export function setOfferWords(next: OfferWords): void {
  words = next;
}

/** A command for the softphone, run by whichever tab owns it. */
export function phoneCommand(command: TabCommand): void {
  leadership?.send(command);
}

function streamUrl(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/stream`;
}

export function topicsFor(grants: readonly Grant[]): Topic[] {
  const may = (permission: string) => grants.some((grant) => grant.permission === permission);
  const topics: Topic[] = may("agent.work") ? ["me"] : [];
  return may("live.view") ? [...topics, "agents", "waiting", "calls", "trunks", "alerts"] : topics;
}

/** Whether media of the running call is missing here and should be fetched back. */
export function shouldResume(state: LiveState, message: Pick<StreamMessage, "topic" | "type">): string | null {
  const { call, agent } = state;
  if (message.topic !== "me" || !call || agent?.device !== "browser") return null;
  const connected = call.state === "connected" || call.state === "dialling";
  // After a reload the snapshot says it; later the server does, when it has lost our media.
  return connected && (message.type === "reset" || call.resume_until !== null) ? call.call : null;
}

function onMessage(message: StreamMessage): void {
  const before = live.get();
  const after = reduce(before, message, Date.now());
  live.set(after);
  if (before.offer && before.offer.offer !== after.offer?.offer)
    phone.send({ type: "offer_gone", offer: before.offer.offer });
  if (before.call && !after.call) phone.send({ type: "ended", call: before.call.call });
  // A call may end before it was ever shown here, such as a dialled number that is refused at once.
  if (message.topic === "me" && message.type === "call_ended")
    phone.send({ type: "ended", call: (message.data as { call: string }).call });
  const listening = monitored(phone.state)?.call;
  if (listening && before.calls.has(listening) && !after.calls.has(listening))
    phone.send({ type: "ended", call: listening });
  soundOffer(before, after);
  soundAlert(message, after);
  // Another tab, a supervisor or the time before a reload may have muted: the track follows the call.
  if (after.call && after.call.muted !== before.call?.muted) phone.mute(after.call.muted);
  if (!leadership?.isLeader()) return;
  const call = shouldResume(after, message);
  if (call) phone.send({ type: "resume", call });
}

/** One tab sounds, however many are open. */
function soundAlert(message: StreamMessage, after: LiveState): void {
  if (message.topic !== "alerts" || !leadership?.isLeader()) return;
  alarm.repeat(mustRepeat(after.alerts.active));
  if (message.type !== "alert") return;
  const { what, alert } = message.data as { what: AlertStep; alert: Alert };
  if (what === "fired") alarm.play(alert.level);
}

function soundOffer(before: LiveState, after: LiveState): void {
  if (before.offer?.offer === after.offer?.offer) return;
  closeNotice();
  ring.stop();
  if (!after.offer || !leadership?.isLeader()) return;
  // A desk phone rings by itself.
  if (after.agent?.device !== "desk_phone") ring.start();
  closeNotice = notifyOffer(after.offer, words, devices.get().notifications);
}

/** This tab has just become the owner of the phone: pick up what the previous one left. */
function onLeading(): void {
  const state = live.get();
  const call = shouldResume(state, { topic: "me", type: "reset" });
  if (call) phone.send({ type: "resume", call });
  if (state.offer && state.agent?.device !== "desk_phone") ring.start();
  alarm.repeat(mustRepeat(state.alerts.active));
}

function onCommand(command: TabCommand): void {
  if (command.type === "mute") phone.mute(command.muted);
  else phone.send(command);
}

/** Which part of the page follows which boards. */
const followers = new Map<object, readonly string[]>();
const followed = () => [...new Set([...followers.values()].flat())].sort();
let following = "";

function followChanged(): void {
  // Pages come and go within one moment: only what is wanted in the end is asked for.
  queueMicrotask(() => {
    const ids = followed();
    if (ids.join() === following) return;
    following = ids.join();
    const state = live.get();
    live.set({ ...state, boards: keepBoards(state.boards, ids) });
    stream?.follow(ids);
  });
}

/** Brings the numbers of these boards into the live state until the result is called. */
export function followBoards(ids: readonly string[]): () => void {
  const key = {};
  followers.set(key, ids);
  followChanged();
  return () => {
    followers.delete(key);
    followChanged();
  };
}

/** Starts everything live; the result stops it. */
export function startLive(grants: readonly Grant[], onSignedOut: () => void): () => void {
  const topics = topicsFor(grants);
  onUnauthenticated(onSignedOut);
  leadership = topics.length > 0 ? lead(onCommand, onLeading) : null;
  const retry = () => stream?.retryNow();
  if (topics.length > 0) {
    stream = new Stream({
      url: streamUrl(),
      topics,
      onMessage,
      onSignedOut,
      onConnection: (connection) => live.set(connectionChanged(live.get(), connection, Date.now())),
    });
    stream.follow(followed());
  }
  const unlock = () => ring.unlock();
  window.addEventListener("online", retry);
  document.addEventListener("visibilitychange", retry);
  window.addEventListener("pointerdown", unlock, { once: true });
  window.addEventListener("keydown", unlock, { once: true });
  return () => {
    window.removeEventListener("online", retry);
    document.removeEventListener("visibilitychange", retry);
    window.removeEventListener("pointerdown", unlock);
    window.removeEventListener("keydown", unlock);
    onUnauthenticated(() => {});
    phone.send({ type: "leave" });
    alarm.repeat(false);
    stream?.close();
    stream = null;
    leadership?.stop();
    leadership = null;
    ring.stop();
    closeNotice();
    const call = live.get().call;
    if (call) phone.send({ type: "ended", call: call.call });
    live.clear();
  };
}
