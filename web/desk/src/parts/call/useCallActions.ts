/** Everything an agent can do with the call in hand; the buttons, the keys and the dialogs share it. */
import { calls, me, type TransferTo, type WantedStatus } from "@zhiyin/client/api";
import type { AgentLive, Device } from "@zhiyin/client/model";
import { App } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { phone, phoneCommand } from "../../live/session.ts";
import { live } from "../../live/store.ts";
import { problemWords } from "../problem.ts";

export interface CallActions {
  accept(): Promise<void>;
  decline(): Promise<void>;
  mute(): Promise<void>;
  hold(): Promise<void>;
  /** The call in hand, or one that is not shown yet. */
  hangup(call?: string): Promise<void>;
  dtmf(digits: string): Promise<void>;
  transfer(to: TransferTo): Promise<boolean>;
  dial(to: string): Promise<boolean>;
  setStatus(status: WantedStatus, reason?: string): Promise<void>;
  setDevice(device: Device): Promise<void>;
}

/** Shows at once what the server will confirm, and takes it back when it does not. */
function patchCall(change: { muted?: boolean; held?: boolean }): () => void {
  const before = live.get();
  if (!before.call) return () => {};
  live.set({ ...before, call: { ...before.call, ...change } });
  const { call } = before;
  return () => {
    const now = live.get();
    if (now.call?.call === call.call) live.set({ ...now, call: { ...now.call, muted: call.muted, held: call.held } });
  };
}

/** Takes in an answer about oneself, unless the stream, which is often faster, already told of something newer. */
function believe(agent: AgentLive): void {
  const now = live.get();
  if (!now.agent || agent.since >= now.agent.since) live.set({ ...now, agent });
}

/** The state to ask for when only the device changes: the one that is, or that follows the call in hand. */
function wanted(agent: AgentLive | null): { status: WantedStatus; reason?: string | null } {
  const status = agent?.next ?? agent?.status;
  if (status === "break") return { status, reason: agent?.reason };
  // Someone who is away or offline comes back by hand, not by choosing a headset.
  if (!status || status === "offline" || status === "away") return { status: "offline" };
  return { status: "available" };
}

export function useCallActions(): CallActions {
  const { message } = App.useApp();
  const { t } = useTranslation();
  return useMemo(() => {
    const attempt = async (run: () => Promise<unknown>, undo?: () => void): Promise<boolean> => {
      try {
        await run();
        return true;
      } catch (error) {
        undo?.();
        message.error(problemWords(t, error));
        return false;
      }
    };
    const browser = () => live.get().agent?.device !== "desk_phone";
    return {
      async accept() {
        const { offer } = live.get();
        if (!offer) return;
        phone.send({ type: "leave" });
        if (browser()) phoneCommand({ type: "accept", offer: offer.offer });
        else await attempt(() => me.accept(offer.offer, { media: "desk_phone" }));
      },
      async decline() {
        const { offer } = live.get();
        if (offer) await attempt(() => me.decline(offer.offer));
      },
      async mute() {
        const { call } = live.get();
        if (!call) return;
        const muted = !call.muted;
        const undo = patchCall({ muted });
        // The microphone stops here first: silence must not wait for the network.
        phoneCommand({ type: "mute", muted });
        await attempt(
          () => calls.mute(call.call, muted),
          () => {
            undo();
            phoneCommand({ type: "mute", muted: !muted });
          },
        );
      },
      async hold() {
        const { call } = live.get();
        if (call?.state !== "connected") return;
        const undo = patchCall({ held: !call.held });
        await attempt(() => (call.held ? calls.unhold(call.call) : calls.hold(call.call)), undo);
      },
      async hangup(call = live.get().call?.call) {
        if (call) await attempt(() => calls.hangup(call));
      },
      async dtmf(digits) {
        const { call } = live.get();
        if (call) await attempt(() => calls.dtmf(call.call, digits));
      },
      async transfer(to) {
        const { call } = live.get();
        return call ? attempt(() => calls.transfer(call.call, to)) : false;
      },
      async dial(to) {
        if (browser()) {
          phoneCommand({ type: "dial", to });
          return true;
        }
        return attempt(() => me.dial(to, { media: "desk_phone" }));
      },
      async setStatus(status, reason) {
        await attempt(async () => believe(await me.setAgent({ status, reason })));
      },
      async setDevice(device) {
        await attempt(async () => believe(await me.setAgent({ ...wanted(live.get().agent), device })));
      },
    };
  }, [message, t]);
}
