import { describe, expect, it } from "vitest";
import { type Connection, retryDelay, Stream, type StreamMessage, type WebSocketLike } from "./socket.ts";

class FakeSocket implements WebSocketLike {
  sent: string[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.closed = true;
  }
  say(message: Partial<StreamMessage>) {
    this.onmessage?.({ data: JSON.stringify({ seq: 0, data: {}, ...message }) });
  }
  hello(epoch: string) {
    this.say({ topic: "hello", type: "hello", data: { epoch } });
  }
  drop(code = 1006) {
    this.onclose?.({ code });
  }
}

function rig() {
  const sockets: FakeSocket[] = [];
  const timers: (() => void)[] = [];
  const got: string[] = [];
  const connections: Connection[] = [];
  const over: string[] = [];
  const stream = new Stream({
    url: "ws://test",
    topics: ["me", "agents"],
    onMessage: (message) => got.push(`${message.topic}:${message.type}:${message.seq}`),
    onConnection: (connection) => connections.push(connection),
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    setTimer: (run) => timers.push(run),
    clearTimer: () => {},
    random: () => 0.5,
    onSignedOut: () => over.push("over"),
  });
  const last = () => sockets[sockets.length - 1] as FakeSocket;
  return { stream, sockets, timers, got, connections, last, over };
}

describe("stream", () => {
  it("subscribes after hello, without a resume point the first time", () => {
    const r = rig();
    r.last().hello("a");
    expect(JSON.parse(r.last().sent[0] ?? "")).toEqual({ subscribe: ["me", "agents"], resume: {}, epoch: "a" });
    expect(r.connections).toEqual(["connecting", "live"]);
  });

  it("resumes every topic where it stopped", () => {
    const r = rig();
    r.last().hello("a");
    r.last().say({ topic: "me", type: "reset", seq: 4 });
    r.last().say({ topic: "me", type: "agent", seq: 5 });
    r.last().say({ topic: "agents", type: "reset", seq: 9 });
    r.last().drop();
    expect(r.connections.at(-1)).toBe("lost");
    r.timers[0]?.();
    r.last().hello("a");
    expect(JSON.parse(r.last().sent[0] ?? "").resume).toEqual({ me: 5, agents: 9 });
  });

  it("ignores what it has seen, but never a reset", () => {
    const r = rig();
    r.last().hello("a");
    r.last().say({ topic: "me", type: "agent", seq: 5 });
    r.last().say({ topic: "me", type: "agent", seq: 5 });
    r.last().say({ topic: "me", type: "agent", seq: 4 });
    r.last().say({ topic: "me", type: "reset", seq: 2 });
    r.last().say({ topic: "me", type: "agent", seq: 3 });
    expect(r.got.slice(1)).toEqual(["me:agent:5", "me:reset:2", "me:agent:3"]);
  });

  it("forgets its numbers when the server is another run", () => {
    const r = rig();
    r.last().hello("a");
    r.last().say({ topic: "me", type: "agent", seq: 50 });
    r.last().drop();
    r.timers[0]?.();
    r.last().hello("b");
    expect(JSON.parse(r.last().sent[0] ?? "").resume).toEqual({});
    r.last().say({ topic: "me", type: "agent", seq: 1 });
    expect(r.got.at(-1)).toBe("me:agent:1");
  });

  it("follows boards at once, after a reconnect, and stops", () => {
    const r = rig();
    r.stream.follow(["b1"]);
    expect(r.last().sent).toEqual([]);
    r.last().hello("a");
    expect(JSON.parse(r.last().sent[0] ?? "").boards).toEqual(["b1"]);
    r.stream.follow(["b1", "b2"]);
    expect(JSON.parse(r.last().sent[1] ?? "")).toEqual({ subscribe: [], boards: ["b1", "b2"] });
    r.last().drop();
    r.stream.follow(["b2"]);
    r.timers[0]?.();
    r.last().hello("a");
    expect(JSON.parse(r.last().sent[0] ?? "").boards).toEqual(["b2"]);
    r.stream.follow([]);
    expect(JSON.parse(r.last().sent[1] ?? "")).toEqual({ subscribe: [], boards: [] });
  });

  it("passes every board message on, whatever its number, and resumes nothing of it", () => {
    const r = rig();
    r.last().hello("a");
    r.last().say({ topic: "board", type: "board", seq: 0 });
    r.last().say({ topic: "board", type: "alive", seq: 0 });
    expect(r.got.slice(1)).toEqual(["board:board:0", "board:alive:0"]);
    r.last().drop();
    r.timers[0]?.();
    r.last().hello("a");
    expect(JSON.parse(r.last().sent[0] ?? "").resume).toEqual({});
  });

  it("does not come back after close, and tries at once when told to", () => {
    const r = rig();
    r.last().drop();
    r.stream.retryNow();
    expect(r.sockets).toHaveLength(2);
    r.stream.close();
    r.last().drop();
    r.stream.retryNow();
    expect(r.sockets).toHaveLength(2);
  });
});

describe("end of the session", () => {
  it("is told, and nothing is tried again", () => {
    const r = rig();
    r.last().drop(4401);
    r.stream.retryNow();
    expect(r.over).toEqual(["over"]);
    expect(r.sockets).toHaveLength(1);
    expect(r.timers).toHaveLength(0);
  });
});

describe("retryDelay", () => {
  it.each([
    [0, 0.5, 300],
    [1, 0.5, 600],
    [3, 0, 1680],
    [5, 0.5, 8000],
    [60, 1, 10_400],
  ])("try %i with %f waits %i ms", (attempt, random, ms) => {
    expect(retryDelay(attempt, random)).toBe(ms);
  });
});
