/** Runs the softphone's effects: microphone, one `RTCPeerConnection` a call, SDP over HTTP. */
import { me, monitorCall } from "@zhiyin/client/api";
import { Problem } from "@zhiyin/client/http";
import { devices } from "./devices.ts";
import {
  idle,
  type PhoneEffect,
  type PhoneInput,
  type PhoneProblem,
  type PhoneState,
  type Purpose,
  step,
} from "./phone.ts";

/** Host candidates are there within milliseconds; a browser that never says "complete" must not hold the answer up. */
const GATHER_MAX_MS = 1500;
/** `disconnected` often heals by itself; only this long of it counts as lost. */
const DISCONNECTED_MAX_MS = 2500;

type Listener = (state: PhoneState) => void;

export class Phone {
  #state: PhoneState = idle;
  #listeners = new Set<Listener>();
  #peer: RTCPeerConnection | null = null;
  #microphone: MediaStream | null = null;
  #sink: HTMLAudioElement | null = null;
  #muted = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #grace: ReturnType<typeof setTimeout> | undefined;

  get state(): PhoneState {
    return this.#state;
  }

  subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  send(input: PhoneInput): void {
    const { state, effects } = step(this.#state, input);
    const changed = state !== this.#state;
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    if (changed) for (const listener of this.#listeners) listener(state);
  }

  /** The element that plays the far side. */
  attach(element: HTMLAudioElement | null): void {
    this.#sink = element;
    this.routeOutput();
  }

  /** Sends the far side to the chosen speaker. */
  routeOutput(): void {
    const speaker = devices.get().speaker;
    const sink = this.#sink as (HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> }) | null;
    // A speaker that was unplugged falls back to the system's choice; the settings dialog shows which one is in use.
    sink?.setSinkId?.(speaker ?? "").catch(() => {});
  }

  /** Stops our microphone at its source; the server's gain follows by its own command. */
  mute(muted: boolean): void {
    this.#muted = muted;
    for (const track of this.#microphone?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  /** Changes the microphone during a call without a new negotiation. */
  async changeMicrophone(): Promise<void> {
    const sender = this.#peer?.getSenders().find((one) => one.track?.kind === "audio");
    if (!sender) return;
    const stream = await openMicrophone();
    stopTracks(this.#microphone);
    this.#microphone = stream;
    this.mute(this.#muted);
    await sender.replaceTrack(stream.getAudioTracks()[0] ?? null);
  }

  #run(effect: PhoneEffect): void {
    switch (effect.do) {
      case "open":
        void this.#open(effect.attempt);
        break;
      case "ask":
        void this.#ask(effect.attempt, effect.purpose, effect.sdp);
        break;
      case "connect":
        void this.#connect(effect.attempt, effect.sdp);
        break;
      case "retry_later":
        this.#retry = setTimeout(() => this.send({ type: "retry", attempt: effect.attempt }), effect.ms);
        break;
      case "leave_monitor":
        // The server drops a listener without media anyway; this is only sooner.
        monitorCall.leave(effect.call).catch(() => {});
        break;
      case "close":
        this.#close();
    }
  }

  async #open(attempt: number): Promise<void> {
    this.#close();
    try {
      const stream = await openMicrophone();
      if (this.#isOld(attempt)) return stopTracks(stream);
      this.#microphone = stream;
      this.mute(this.#muted);
      const peer = new RTCPeerConnection({ iceServers: [], bundlePolicy: "max-bundle" });
      this.#peer = peer;
      this.#watch(peer, attempt);
      for (const track of stream.getAudioTracks()) peer.addTrack(track, stream);
      await peer.setLocalDescription(await peer.createOffer());
      await gathered(peer);
      this.send({ type: "described", attempt, sdp: peer.localDescription?.sdp ?? "" });
    } catch (error) {
      this.send({ type: "failed", attempt, problem: problemOf(error) });
    }
  }

  async #ask(attempt: number, purpose: Purpose, sdp: string): Promise<void> {
    try {
      const answer = await ask(purpose, sdp);
      this.send({ type: "answered", attempt, call: answer.call, sdp: answer.sdp ?? "" });
    } catch (error) {
      this.send({ type: "refused", attempt, code: error instanceof Problem ? error.code : "internal" });
    }
  }

  async #connect(attempt: number, sdp: string): Promise<void> {
    try {
      await this.#peer?.setRemoteDescription({ type: "answer", sdp });
    } catch {
      this.send({ type: "media_down", attempt });
    }
  }

  #watch(peer: RTCPeerConnection, attempt: number): void {
    peer.ontrack = (event) => {
      if (!this.#sink) return;
      this.#sink.srcObject = event.streams[0] ?? new MediaStream([event.track]);
      // Play may be refused before the first click; the agent's answer was a click or a key.
      this.#sink.play().catch(() => {});
    };
    peer.onconnectionstatechange = () => {
      clearTimeout(this.#grace);
      if (peer.connectionState === "connected") this.send({ type: "media_up", attempt });
      if (peer.connectionState === "failed") this.send({ type: "media_down", attempt });
      if (peer.connectionState === "disconnected") {
        this.#grace = setTimeout(() => this.send({ type: "media_down", attempt }), DISCONNECTED_MAX_MS);
      }
    };
  }

  #isOld(attempt: number): boolean {
    return this.#state.at === "idle" || this.#state.attempt !== attempt;
  }

  #close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#grace);
    if (this.#peer) {
      this.#peer.onconnectionstatechange = null;
      this.#peer.ontrack = null;
      this.#peer.close();
    }
    this.#peer = null;
    stopTracks(this.#microphone);
    this.#microphone = null;
    if (this.#state.at === "idle") this.#muted = false;
    if (this.#sink) this.#sink.srcObject = null;
  }
}

async function openMicrophone(): Promise<MediaStream> {
  // Browsers hide `mediaDevices` on plain http from another machine.
  if (!navigator.mediaDevices || typeof RTCPeerConnection === "undefined")
    throw new DOMException("no WebRTC", "NotSupportedError");
  const { microphone: id, cleanVoice } = devices.get();
  const voice = {
    echoCancellation: cleanVoice,
    noiseSuppression: cleanVoice,
    autoGainControl: cleanVoice,
    channelCount: 1,
  };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: id ? { ...voice, deviceId: { exact: id } } : voice });
  } catch (error) {
    // The chosen microphone was unplugged: any other is better than a silent call.
    if (id && error instanceof DOMException && error.name === "OverconstrainedError") {
      return navigator.mediaDevices.getUserMedia({ audio: voice });
    }
    throw error;
  }
}

function stopTracks(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function ask(purpose: Purpose, sdp: string) {
  if (purpose.kind === "accept") return me.accept(purpose.offer, { media: "browser", sdp });
  if (purpose.kind === "dial") return me.dial(purpose.to, { media: "browser", sdp });
  if (purpose.kind === "monitor") return monitorCall.join(purpose.call, purpose.mode, sdp);
  return me.resume(purpose.call, sdp);
}

function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHER_MAX_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      resolve();
    });
  });
}

function problemOf(error: unknown): PhoneProblem {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "microphone_denied";
  if (name === "NotFoundError" || name === "NotReadableError" || name === "OverconstrainedError")
    return "microphone_missing";
  if (name === "NotSupportedError") return "no_webrtc";
  return "media_lost";
}
