import type { CallCard } from "@zhiyin/client/model";
import { Button, Tooltip } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { KeyAction } from "../../keys/table.ts";
import { keyOf, useKeys } from "../../keys/useKeys.ts";
import { useLive } from "../../live/store.ts";
import { Elapsed } from "../Elapsed.tsx";
import { Icon, type IconName } from "../Icon.tsx";
import { StateShape } from "../StateMark.tsx";
import { DialBox } from "./DialBox.tsx";
import { inBar } from "./inBar.ts";
import { Keypad } from "./Keypad.tsx";
import { farName } from "./names.ts";
import { PhoneProblemNote } from "./PhoneProblemNote.tsx";
import { useCallActions } from "./useCallActions.ts";
import { usePhone } from "./usePhone.ts";

const TransferDialog = lazy(() =>
  import("./TransferDialog.tsx").then((module) => ({ default: module.TransferDialog })),
);

interface CallButtonProps {
  id: KeyAction;
  icon: IconName;
  text: string;
  onClick: () => void;
  pressed?: boolean;
  danger?: boolean;
  disabled?: boolean;
}

function CallButton({ id, icon, text, onClick, pressed, danger, disabled }: CallButtonProps) {
  return (
    <Tooltip title={<span className="kbd">{keyOf(id)}</span>} mouseEnterDelay={0.4} getPopupContainer={inBar}>
      <Button
        type={danger ? "primary" : "text"}
        danger={danger}
        disabled={disabled}
        aria-pressed={pressed}
        aria-keyshortcuts={keyOf(id)}
        icon={<Icon name={icon} size={18} />}
        onClick={onClick}
        data-testid={id}
      >
        {text}
      </Button>
    </Tooltip>
  );
}

function CallWord({ call }: { call: CallCard }) {
  const { t } = useTranslation();
  const phone = usePhone();
  if (call.state === "entry") return <span className="tone-live">{t("call.inMenu")}</span>;
  if (call.state === "waiting" || call.state === "offered")
    return <span className="tone-live">{t("call.inQueue")}</span>;
  if (call.state === "dialling") return <span className="tone-live">{t("call.dialling")}</span>;
  if (phone.at === "recovering" || call.resume_until) return <span className="tone-alert">{t("call.recovering")}</span>;
  if (call.held) return <span className="tone-warn">{t("call.held")}</span>;
  if (call.muted) return <span className="tone-warn">{t("call.muted")}</span>;
  return null;
}

function ActiveCall({ call }: { call: CallCard }) {
  const { t } = useTranslation();
  const actions = useCallActions();
  const [transfer, setTransfer] = useState(false);
  const [keypad, setKeypad] = useState(false);
  const self = useLive((state) => state.agent?.user);
  // Served by one of our own numbers like a customer: the other side holds and transfers.
  const served = call.caller === self && call.agent !== self;
  const connected = call.state === "connected" && !served;
  const keys = connected || (served && call.state === "entry");
  const hold = () => void actions.hold();
  const mute = () => void (connected && actions.mute());
  const hangup = () => void actions.hangup();
  useKeys({
    hold,
    mute,
    hangup,
    transfer: () => connected && setTransfer(true),
    keypad: () => keys && setKeypad((open) => !open),
  });
  return (
    <section className={`callbar ${call.held ? "held" : ""}`} aria-label={t("call.label")} data-testid="call-bar">
      <StateShape status="on_call" />
      <span className="callbar-who ellipsis" title={call.remote}>
        {farName(call)}
      </span>
      <CallWord call={call} />
      {call.recording ? <span className="rec">{t("call.recording")}</span> : null}
      <span className="callbar-time">
        <Elapsed since={call.answered_at ?? call.started_at} title={false} />
      </span>
      <span className="callbar-buttons">
        <CallButton
          id="mute"
          icon={call.muted ? "micOff" : "mic"}
          text={t(call.muted ? "call.unmute" : "call.mute")}
          pressed={call.muted}
          disabled={!connected}
          onClick={mute}
        />
        <CallButton
          id="hold"
          icon={call.held ? "play" : "pause"}
          text={t(call.held ? "call.unhold" : "call.hold")}
          pressed={call.held}
          disabled={!connected}
          onClick={hold}
        />
        <CallButton
          id="transfer"
          icon="transfer"
          text={t("call.transfer")}
          disabled={!connected}
          onClick={() => setTransfer(true)}
        />
        <Keypad open={keypad} onOpenChange={setKeypad} onDigit={(digit) => void actions.dtmf(digit)}>
          <CallButton
            id="keypad"
            icon="keypad"
            text={t("call.keypad")}
            disabled={!keys}
            onClick={() => setKeypad(!keypad)}
          />
        </Keypad>
        <CallButton id="hangup" icon="hangup" text={t("call.hangup")} danger onClick={hangup} />
      </span>
      <Suspense fallback={null}>
        {transfer ? <TransferDialog open onClose={() => setTransfer(false)} /> : null}
      </Suspense>
    </section>
  );
}

/** Media is on its way but the call is not on the stream yet: it can be given up all the same. */
function Connecting({ call }: { call: string | null }) {
  const { t } = useTranslation();
  const { hangup } = useCallActions();
  const giveUp = () => void hangup(call ?? undefined);
  useKeys(call ? { hangup: giveUp } : {});
  return (
    <div className="row callbar">
      <span className="grow">{t("call.connecting")}</span>
      {call ? <CallButton id="hangup" icon="hangup" text={t("call.hangup")} danger onClick={giveUp} /> : null}
    </div>
  );
}

/** The call in hand, or the way to start one. */
export function CallBar() {
  const call = useLive((state) => state.call);
  const offer = useLive((state) => state.offer);
  const phone = usePhone();
  if (call) return <ActiveCall key={call.call} call={call} />;
  if (phone.at === "idle" && phone.problem) return <PhoneProblemNote state={phone} />;
  if (phone.at !== "idle") return <Connecting call={"call" in phone ? phone.call : null} />;
  if (offer) return null;
  return <DialBox />;
}
