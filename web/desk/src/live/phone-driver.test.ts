import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Phone } from "./phone-driver.ts";

class FakeTrack {
  kind = "audio";
  enabled = true;
  stopped = false;
  stop() {
    this.stopped = true;
  }
}
class FakeStream {
  track = new FakeTrack();
  getTracks() {
    return [this.track];
  }
  getAudioTracks() {
    return [this.track];
  }
}
class FakePeer extends EventTarget {
  static last: FakePeer;
  iceGatheringState = "new";
  connectionState = "new";
  localDescription: { sdp: string } | null = null;
  remote: string | null = null;
  closed = false;
  ontrack: ((event: unknown) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  constructor() {
    super();
    FakePeer.last = this;
  }
  addTrack() {}
  getSenders() {
    return [];
  }
  async createOffer() {
    return { type: "offer", sdp: "v=0" };
  }
  async setLocalDescription(description: { sdp: string }) {
    this.localDescription = description;
    queueMicrotask(() => {
      this.localDescription = { sdp: `${description.sdp} candidates` };
      this.iceGatheringState = "complete";
      this.dispatchEvent(new Event("icegatheringstatechange"));
    });
  }
  async setRemoteDescription(description: { sdp: string }) {
    this.remote = description.sdp;
  }
  close() {
    this.closed = true;
  }
  become(state: string) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}

let stream: FakeStream;
const posted: [string, unknown][] = [];

beforeEach(() => {
  posted.length = 0;
  stream = new FakeStream();
  const storage = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => storage.set(key, value),
  });
  vi.stubGlobal("RTCPeerConnection", FakePeer);
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: async () => stream } });
  vi.stubGlobal("fetch", async (request: Request) => {
    posted.push([new URL(request.url).pathname, await request.json()]);
    return new Response(JSON.stringify({ call: "c1", sdp: "answer" }), { status: 200 });
  });
});
afterEach(() => vi.unstubAllGlobals());

const reaches = (phone: Phone, at: string) => vi.waitFor(() => expect(phone.state.at).toBe(at));

describe("phone", () => {
  it("answers with all candidates in the offer and sets the returned answer", async () => {
    const phone = new Phone();
    phone.send({ type: "accept", offer: "o1" });
    await reaches(phone, "connecting");
    expect(posted).toEqual([["/api/v1/me/offers/o1/accept", { media: "browser", sdp: "v=0 candidates" }]]);
    await vi.waitFor(() => expect(FakePeer.last.remote).toBe("answer"));
    FakePeer.last.become("connected");
    expect(phone.state.at).toBe("talking");
  });

  it("mutes at the track, also for a call that begins muted", async () => {
    const phone = new Phone();
    phone.send({ type: "dial", to: "1001" });
    await reaches(phone, "connecting");
    phone.mute(true);
    expect(stream.track.enabled).toBe(false);
    phone.mute(false);
    expect(stream.track.enabled).toBe(true);
  });

  it("lets microphone and connection go when the call ends", async () => {
    const phone = new Phone();
    phone.send({ type: "accept", offer: "o1" });
    await reaches(phone, "connecting");
    phone.send({ type: "ended", call: "c1" });
    expect(stream.track.stopped).toBe(true);
    expect(FakePeer.last.closed).toBe(true);
  });

  it("resumes by itself when the media path breaks", async () => {
    const phone = new Phone();
    phone.send({ type: "accept", offer: "o1" });
    await reaches(phone, "connecting");
    FakePeer.last.become("connected");
    FakePeer.last.become("failed");
    await vi.waitFor(() => expect(posted.at(-1)).toEqual(["/api/v1/me/calls/c1/resume", { sdp: "v=0 candidates" }]));
  });

  it.each([
    ["NotAllowedError", "microphone_denied"],
    ["NotFoundError", "microphone_missing"],
  ])("says what is wrong with the microphone: %s", async (name, problem) => {
    vi.stubGlobal("navigator", {
      mediaDevices: { getUserMedia: async () => Promise.reject(new DOMException("", name)) },
    });
    const phone = new Phone();
    phone.send({ type: "accept", offer: "o1" });
    await vi.waitFor(() => expect(phone.state).toMatchObject({ at: "idle", problem }));
    expect(posted).toEqual([]);
  });

  it("says that an insecure page has no microphone", async () => {
    vi.stubGlobal("navigator", {});
    const phone = new Phone();
    phone.send({ type: "dial", to: "1001" });
    await vi.waitFor(() => expect(phone.state).toMatchObject({ at: "idle", problem: "no_webrtc" }));
  });
});
