import { Button, Input, type InputRef } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../app/session.tsx";
import { keyOf, useKeys } from "../../keys/useKeys.ts";
import { useLive } from "../../live/store.ts";
import { Icon } from "../Icon.tsx";
import { normalNumber } from "./number.ts";
import { useCallActions } from "./useCallActions.ts";

/** Rings a number: digits as typed or pasted, full-width ones too. */
export function DialBox() {
  const { t } = useTranslation();
  const { can } = useSession();
  const status = useLive((state) => state.agent?.status ?? "offline");
  const { dial } = useCallActions();
  const [text, setText] = useState("");
  const field = useRef<InputRef>(null);
  useKeys({ dial: () => field.current?.focus() });
  if (!can("call.dial")) return null;
  const number = normalNumber(text);
  const free = status !== "on_call" && status !== "ringing";
  const submit = async () => {
    if (number && free && (await dial(number))) setText("");
  };
  return (
    <form
      className="dial"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Input
        ref={field}
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder={t("dial.placeholder")}
        aria-label={t("dial.placeholder")}
        prefix={<Icon name="phone" size={16} />}
        suffix={text ? null : <span className="kbd">{keyOf("dial")}</span>}
        inputMode="tel"
        autoComplete="off"
        data-testid="dial-number"
      />
      <Button htmlType="submit" disabled={!number || !free} data-testid="dial">
        {t("dial.call")}
      </Button>
    </form>
  );
}
