/** Light and dark: our tokens as CSS variables and as Ant Design's theme. */
import { cssVariables, fontFamily, palettes, type ThemeName } from "@zhiyin/client/tokens";
import { type ThemeConfig, theme } from "antd";
import { useSyncExternalStore } from "react";

export type ThemeChoice = ThemeName | "system";

const KEY = "zhiyin.theme";
const listeners = new Set<() => void>();
const system = window.matchMedia("(prefers-color-scheme: dark)");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

export function themeChoice(): ThemeChoice {
  const saved = localStorage.getItem(KEY);
  return saved === "light" || saved === "dark" ? saved : "system";
}

export function themeName(): ThemeName {
  const choice = themeChoice();
  if (choice !== "system") return choice;
  return system.matches ? "dark" : "light";
}

export function applyTheme(): void {
  const name = themeName();
  const root = document.documentElement;
  root.dataset.theme = name;
  root.style.colorScheme = name;
  for (const [variable, value] of Object.entries(cssVariables(palettes[name]))) root.style.setProperty(variable, value);
}

export function setTheme(choice: ThemeChoice): void {
  localStorage.setItem(KEY, choice);
  applyTheme();
  for (const listener of listeners) listener();
}

export function useThemeName(): ThemeName {
  return useSyncExternalStore((listener) => {
    const changed = () => {
      applyTheme();
      listener();
    };
    listeners.add(listener);
    system.addEventListener("change", changed);
    return () => {
      listeners.delete(listener);
      system.removeEventListener("change", changed);
    };
  }, themeName);
}

export function antTheme(name: ThemeName): ThemeConfig {
  const p = palettes[name];
  return {
    algorithm: name === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    cssVar: { key: "zy" },
    hashed: false,
    token: {
      // The style sheet stops animations; the kit must know, or it waits for their end.
      motion: !still.matches,
      colorPrimary: p.brandFill,
      colorInfo: p.live,
      colorSuccess: p.okFill,
      colorWarning: p.warn,
      colorError: p.alertFill,
      colorLink: p.live,
      colorText: p.ink,
      colorTextSecondary: p.ink2,
      colorTextDescription: p.ink2,
      colorTextPlaceholder: p.ink2,
      colorBgBase: p.paper,
      colorBgContainer: p.paper,
      colorBgElevated: name === "dark" ? p.paper2 : p.paper,
      colorBgLayout: p.paper2,
      colorBorder: p.line,
      colorBorderSecondary: p.line,
      colorBorderDisabled: p.line,
      borderRadius: 6,
      borderRadiusLG: 10,
      fontFamily,
      fontSize: 14,
      lineHeight: 22 / 14,
      controlHeight: 32,
      fontWeightStrong: 600,
      motionDurationSlow: "0.15s",
      motionDurationMid: "0.12s",
      motionDurationFast: "0.08s",
      boxShadow: p.shadow,
      boxShadowSecondary: p.shadow,
    },
    components: {
      Table: {
        cellPaddingBlockSM: 7,
        cellPaddingInlineSM: 12,
        cellFontSizeSM: 13,
        headerBg: p.paper2,
        headerColor: p.ink2,
        rowHoverBg: p.paper2,
      },
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
      Segmented: {
        trackBg: p.paper2,
        itemSelectedBg: name === "dark" ? p.line : p.paper,
        itemColor: p.ink2,
        itemSelectedColor: p.ink,
      },
      Tag: { defaultBg: p.paper2 },
    },
  };
}
