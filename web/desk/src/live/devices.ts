/** Which microphone, speaker and ringer this browser uses. Kept per browser: headsets belong to a seat, not to a person. */
export interface Devices {
  microphone: string | null;
  speaker: string | null;
  ringer: string | null;
  ringVolume: number;
  notifications: boolean;
  /** Tones of alerts and boards. */
  alertSound: boolean;
  /** Echo cancelling, noise suppression and level control of the browser; a good headset needs none of them. */
  cleanVoice: boolean;
}

const KEY = "zhiyin.devices";
const defaults: Devices = {
  microphone: null,
  speaker: null,
  ringer: null,
  ringVolume: 0.6,
  notifications: true,
  alertSound: true,
  cleanVoice: true,
};

function load(): Devices {
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Devices>) };
  } catch {
    return defaults;
  }
}

let current: Devices | null = null;
const listeners = new Set<() => void>();

export const devices = {
  get(): Devices {
    current ??= load();
    return current;
  },
  set(change: Partial<Devices>): void {
    current = { ...devices.get(), ...change };
    localStorage.setItem(KEY, JSON.stringify(current));
    for (const listener of listeners) listener();
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
