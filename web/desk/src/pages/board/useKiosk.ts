/** The board on a wall: nothing but the board, the screen stays on. F goes there, Esc comes back. */
import { useCallback, useEffect } from "react";
import { useSearchParams } from "react-router";
import { useKeys } from "../../keys/useKeys.ts";

type Sentinel = { release: () => Promise<void> };
type WithWakeLock = Navigator & { wakeLock?: { request: (type: "screen") => Promise<Sentinel> } };

/** Keeps the screen on; the browser lets go of it whenever the tab is hidden. */
function useWakeLock(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    let lock: Sentinel | undefined;
    let over = false;
    const take = () => {
      if (document.hidden) return;
      (navigator as WithWakeLock).wakeLock?.request("screen").then(
        (got) => {
          if (over) void got.release();
          else lock = got;
        },
        // Refused on battery or by policy: the wall then follows the machine's own settings.
        () => {},
      );
    };
    take();
    document.addEventListener("visibilitychange", take);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", take);
      void lock?.release();
    };
  }, [on]);
}

export interface Kiosk {
  on: boolean;
  enter: () => void;
  leave: () => void;
}

export function useKiosk(): Kiosk {
  const [search, setSearch] = useSearchParams();
  const on = search.get("kiosk") === "1";
  const enter = useCallback(() => {
    setSearch({ kiosk: "1" }, { replace: true });
    // A wall that opened by its address has no gesture to ask with; it is full-screen by the browser's own switch.
    document.documentElement.requestFullscreen?.().catch(() => {});
  }, [setSearch]);
  const leave = useCallback(() => {
    setSearch({}, { replace: true });
    if (document.fullscreenElement) void document.exitFullscreen();
  }, [setSearch]);
  useKeys({ kiosk: on ? leave : enter });
  useWakeLock(on);
  useEffect(() => {
    if (!on) return;
    const onKey = (event: KeyboardEvent) => {
      // An open drawer takes its own Esc.
      if (event.key === "Escape" && !document.querySelector(".ant-drawer-open")) leave();
    };
    // In full screen the browser keeps Esc for itself and only says that it is over.
    const onChange = () => {
      if (!document.fullscreenElement) leave();
    };
    window.addEventListener("keydown", onKey);
    document.addEventListener("fullscreenchange", onChange);
    return () => {
      window.removeEventListener("keydown", onKey);
      document.removeEventListener("fullscreenchange", onChange);
    };
  }, [on, leave]);
  return { on, enter, leave };
}
