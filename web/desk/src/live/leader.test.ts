import { describe, expect, it } from "vitest";
import { lead, type TabCommand } from "./leader.ts";

/** Web Locks and BroadcastChannel of one browser. */
class Browser {
  #queue: (() => Promise<unknown>)[] = [];
  #busy = false;
  channels: { onmessage: ((event: MessageEvent) => void) | null }[] = [];
  #next(): void {
    if (this.#busy) return;
    const run = this.#queue.shift();
    if (!run) return;
    this.#busy = true;
    void run().then(() => {
      this.#busy = false;
      this.#next();
    });
  }
  tab(log: string[], name: string) {
    const channel = {
      onmessage: null as ((event: MessageEvent) => void) | null,
      postMessage: (data: unknown) => {
        for (const other of this.channels) if (other !== channel) other.onmessage?.({ data } as MessageEvent);
      },
      close: () => {
        channel.onmessage = null;
      },
    };
    this.channels.push(channel);
    const request = (_name: string, options: { signal: AbortSignal }, run: () => Promise<unknown>) =>
      new Promise<void>((resolve) => {
        this.#queue.push(async () => {
          if (!options.signal.aborted) await run();
          resolve();
        });
        this.#next();
      });
    return lead(
      (command: TabCommand) => log.push(`${name} ${command.type}`),
      () => log.push(`${name} leads`),
      { locks: { request } as never, channel },
    );
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe("lead", () => {
  it("gives the phone to one tab and sends the others' commands there", async () => {
    const log: string[] = [];
    const browser = new Browser();
    const first = browser.tab(log, "first");
    const second = browser.tab(log, "second");
    await settle();
    expect([first.isLeader(), second.isLeader()]).toEqual([true, false]);
    second.send({ type: "accept", offer: "o1" });
    first.send({ type: "mute", muted: true });
    expect(log).toEqual(["first leads", "first accept", "first mute"]);
  });

  it("passes it on when the tab closes", async () => {
    const log: string[] = [];
    const browser = new Browser();
    const first = browser.tab(log, "first");
    const second = browser.tab(log, "second");
    await settle();
    first.stop();
    await settle();
    expect(second.isLeader()).toBe(true);
    expect(log).toEqual(["first leads", "second leads"]);
  });

  it("leads at once where the browser has no locks", () => {
    const log: string[] = [];
    const alone = lead(
      (command) => log.push(command.type),
      () => log.push("leads"),
      { locks: undefined, channel: null },
    );
    alone.send({ type: "dial", to: "1" });
    expect(log).toEqual(["leads", "dial"]);
  });
});
