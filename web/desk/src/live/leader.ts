/** Of several open tabs one owns microphone and ring tone; the others send their phone commands to it. */
import type { PhoneInput } from "./phone.ts";

export type TabCommand = Extract<PhoneInput, { type: "accept" | "dial" }> | { type: "mute"; muted: boolean };

export interface Leadership {
  isLeader(): boolean;
  /** Runs here when this tab leads, else in the tab that does. */
  send(command: TabCommand): void;
  stop(): void;
}

interface Ports {
  locks: Pick<LockManager, "request"> | undefined;
  channel: Pick<BroadcastChannel, "postMessage" | "close" | "onmessage"> | null;
}

function browserPorts(): Ports {
  return {
    locks: navigator.locks,
    channel: typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("zhiyin-phone"),
  };
}

const LOCK = "zhiyin-phone";

export function lead(
  onCommand: (command: TabCommand) => void,
  onLeading: () => void,
  ports: Ports = browserPorts(),
): Leadership {
  let leading = false;
  let release: () => void = () => {};
  const stopping = new AbortController();
  const become = () => {
    leading = true;
    onLeading();
  };
  if (ports.locks) {
    ports.locks
      .request(LOCK, { signal: stopping.signal }, () => {
        become();
        // Held until the tab closes or the person signs out; the browser then wakes the next tab.
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      })
      .catch(() => {
        // Aborted by `stop`: this tab never led.
      });
  } else {
    // Plain http on another host has no locks; one tab is the usual case there.
    become();
  }
  if (ports.channel) {
    ports.channel.onmessage = (event: MessageEvent) => {
      if (leading) onCommand(event.data as TabCommand);
    };
  }
  return {
    isLeader: () => leading,
    send: (command) => (leading ? onCommand(command) : ports.channel?.postMessage(command)),
    stop: () => {
      stopping.abort();
      release();
      leading = false;
      ports.channel?.close();
    },
  };
}
