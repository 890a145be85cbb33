import { useSyncExternalStore } from "react";
import type { PhoneState } from "../../live/phone.ts";
import { phone } from "../../live/session.ts";

export function usePhone(): PhoneState {
  return useSyncExternalStore(phone.subscribe, () => phone.state);
}
