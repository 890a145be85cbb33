import { Popover } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { inBar } from "./inBar.ts";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;
const SHOWN_MAX = 16;

function Pad({ onDigit }: { onDigit: (digit: string) => void }) {
  const { t } = useTranslation();
  const [sent, setSent] = useState("");
  const press = (digit: string) => {
    setSent((before) => (before + digit).slice(-SHOWN_MAX));
    onDigit(digit);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement | null;
      if (target?.closest("input, textarea") || !/^[0-9*#]$/.test(event.key)) return;
      event.preventDefault();
      press(event.key);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
  return (
    <fieldset className="plain-set" aria-label={t("call.keypad")} data-testid="keypad-pad">
      <div className="keypad-shown" aria-live="polite">
        {sent}
      </div>
      <div className="keypad-pad">
        {KEYS.map((digit) => (
          <button
            key={digit}
            type="button"
            className="keypad-key"
            onClick={() => press(digit)}
            data-testid={`digit-${digit}`}
          >
            {digit}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

/** Digits to the far side; while it is open the keyboard's digits go there too. */
export function Keypad(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDigit: (digit: string) => void;
  children: ReactNode;
}) {
  return (
    <Popover
      open={props.open}
      onOpenChange={(open) => !open && props.onOpenChange(false)}
      trigger="click"
      placement="bottom"
      destroyOnHidden
      getPopupContainer={inBar}
      content={<Pad onDigit={props.onDigit} />}
    >
      <span>{props.children}</span>
    </Popover>
  );
}
