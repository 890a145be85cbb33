/** The product's look in one place: feeds Ant Design's theme, our style sheets (as CSS variables) and the waveform. */
export interface Palette {
  ink: string;
  ink2: string;
  ink3: string;
  paper: string;
  paper2: string;
  line: string;
  /** Primary action, focus ring, selection. */
  brand: string;
  /** On a call, links. */
  live: string;
  /** Available, within target. */
  ok: string;
  /** Wrap-up, near a limit. */
  warn: string;
  /** Ringing out, breached, hang up, delete. */
  alert: string;
  /** Break. */
  rest: string;
  /** Offline, disabled. */
  off: string;
  /** Text on a filled brand, ok or alert surface. */
  onFill: string;
  /** Fill of the one primary button: in dark mode darker than `brand`, so that its text is readable. */
  brandFill: string;
  alertFill: string;
  okFill: string;
  shadow: string;
}

export const light: Palette = {
  ink: "#1B2426",
  ink2: "#55626A",
  ink3: "#8A969D",
  paper: "#FFFFFF",
  paper2: "#F5F7F6",
  line: "#DFE5E3",
  brand: "#12706B",
  live: "#2B6CDE",
  ok: "#2A8F5C",
  warn: "#B7791F",
  alert: "#C23B22",
  rest: "#7A5BB5",
  off: "#8A969D",
  onFill: "#FFFFFF",
  brandFill: "#12706B",
  alertFill: "#C23B22",
  okFill: "#217349",
  shadow: "0 8px 28px rgba(20, 34, 36, 0.16), 0 1px 3px rgba(20, 34, 36, 0.10)",
};

export const dark: Palette = {
  ink: "#E6ECEE",
  ink2: "#A9B5BB",
  ink3: "#74828A",
  paper: "#12181A",
  paper2: "#1A2225",
  line: "#2B363A",
  brand: "#3FB5AC",
  live: "#6BA1FF",
  ok: "#52C58B",
  warn: "#E3AE4F",
  alert: "#FF7A5E",
  rest: "#B29BE0",
  off: "#74828A",
  onFill: "#FFFFFF",
  brandFill: "#17807A",
  alertFill: "#C9432A",
  okFill: "#237A4E",
  shadow: "0 8px 28px rgba(0, 0, 0, 0.55), 0 0 0 1px rgba(255, 255, 255, 0.06)",
};

export type ThemeName = "light" | "dark";
export const palettes: Record<ThemeName, Palette> = { light, dark };

export const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

/** `--ink: #1B2426; …` for a style attribute or rule. */
export function cssVariables(palette: Palette): Record<string, string> {
  const entries = Object.entries(palette).map(([name, value]) => [
    `--${name.replace(/[A-Z0-9]/g, (c) => (/\d/.test(c) ? `-${c}` : `-${c.toLowerCase()}`))}`,
    value,
  ]);
  return Object.fromEntries(entries);
}
