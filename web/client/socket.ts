/** The live stream: one WebSocket that reconnects by itself and resumes each topic where it stopped. */
export type Topic = "me" | "agents" | "waiting" | "calls" | "trunks" | "alerts";

export interface StreamMessage {
  /** `board`: what follows from `follow`; such messages are whole or repeatable and carry no resume point. */
  topic: Topic | "board" | "hello" | "error";
  seq: number;
  type: string;
  data: unknown;
}

export type Connection = "connecting" | "live" | "lost";

export interface StreamOptions {
  url: string;
  topics: readonly Topic[];
  onMessage: (message: StreamMessage) => void;
  onConnection: (connection: Connection) => void;
  /** The session behind this stream is over; it does not try again. */
  onSignedOut?: () => void;
  /** Replaced in tests. */
  open?: (url: string) => WebSocketLike;
  setTimer?: (run: () => void, ms: number) => unknown;
  clearTimer?: (timer: unknown) => void;
  random?: () => number;
}

export interface WebSocketLike {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
}

/** Close code of the API: the session ended. */
const CLOSE_SIGNED_OUT = 4401;
const RETRY_FIRST_MS = 300;
const RETRY_MAX_MS = 8000;

/** Delay before try number `attempt` (0 first): doubles to a ceiling, ± 30 % so that a hundred desks do not return at once. */
export function retryDelay(attempt: number, random: number): number {
  const base = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(base * (0.7 + 0.6 * random));
}

export class Stream {
  readonly #options: Required<StreamOptions>;
  #socket: WebSocketLike | null = null;
  #timer: unknown = null;
  #attempt = 0;
  #epoch: string | null = null;
  #seen = new Map<Topic, number>();
  #boards: readonly string[] = [];
  #greeted = false;
  #closed = false;

  constructor(options: StreamOptions) {
    this.#options = {
      open: (url) => new WebSocket(url) as unknown as WebSocketLike,
      setTimer: (run, ms) => setTimeout(run, ms),
      clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
      random: Math.random,
      onSignedOut: () => {},
      ...options,
    };
    this.#connect();
  }

  /** Tries at once instead of waiting for the next retry: the network came back, the tab woke up. */
  retryNow(): void {
    if (this.#closed || this.#socket) return;
    this.#attempt = 0;
    this.#connect();
  }

  /** The boards whose numbers are wanted from now on; none stops them. Kept over a reconnect. */
  follow(boards: readonly string[]): void {
    this.#boards = boards;
    if (this.#greeted) this.#socket?.send(JSON.stringify({ subscribe: [], boards }));
  }

  close(): void {
    this.#closed = true;
    this.#clearTimer();
    this.#socket?.close();
    this.#socket = null;
  }

  #clearTimer(): void {
    if (this.#timer !== null) this.#options.clearTimer(this.#timer);
    this.#timer = null;
  }

  #connect(): void {
    this.#clearTimer();
    const socket = this.#options.open(this.#options.url);
    this.#socket = socket;
    this.#greeted = false;
    this.#options.onConnection("connecting");
    socket.onmessage = (event) => {
      if (this.#socket === socket && typeof event.data === "string") this.#receive(event.data);
    };
    socket.onclose = (event) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#greeted = false;
      if (this.#closed) return;
      this.#options.onConnection("lost");
      if (event.code === CLOSE_SIGNED_OUT) {
        this.#closed = true;
        this.#options.onSignedOut();
        return;
      }
      this.#timer = this.#options.setTimer(() => this.#connect(), retryDelay(this.#attempt++, this.#options.random()));
    };
  }

  #receive(text: string): void {
    const message = JSON.parse(text) as StreamMessage;
    if (message.topic === "hello") {
      this.#greet(message.data as { epoch?: string });
    } else if (message.topic !== "error" && message.topic !== "board") {
      const seen = this.#seen.get(message.topic);
      // A reset restarts the count; anything else at or below what we saw is a repeat of the resume.
      if (message.type !== "reset" && seen !== undefined && message.seq <= seen) return;
      this.#seen.set(message.topic, message.seq);
    }
    this.#options.onMessage(message);
  }

  #greet(hello: { epoch?: string }): void {
    const epoch = hello.epoch ?? null;
    // Another run of the server counts from the start: old sequence numbers mean nothing to it.
    if (epoch !== this.#epoch) this.#seen.clear();
    this.#epoch = epoch;
    this.#attempt = 0;
    const boards = this.#boards.length > 0 ? { boards: this.#boards } : {};
    this.#socket?.send(
      JSON.stringify({ subscribe: this.#options.topics, resume: Object.fromEntries(this.#seen), epoch, ...boards }),
    );
    this.#greeted = true;
    this.#options.onConnection("live");
  }
}
