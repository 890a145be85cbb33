import type { AgentStatus } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";

const TONES: Record<AgentStatus, string> = {
  available: "ok",
  wrap_up: "warn",
  ringing: "alert",
  on_call: "live",
  break: "rest",
  away: "alert",
  offline: "off",
};

function Shape({ status }: { status: AgentStatus }) {
  switch (status) {
    case "available":
      return <circle cx="6" cy="6" r="5" fill="currentColor" />;
    case "wrap_up":
      return (
        <>
          <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
          <path d="M6 1.8a4.2 4.2 0 0 0 0 8.4Z" fill="currentColor" />
        </>
      );
    case "ringing":
      return <path d="M6 1 11.5 11H.5Z" fill="currentColor" />;
    case "on_call":
      return <rect x="1.3" y="1.3" width="9.4" height="9.4" rx="1.2" fill="currentColor" />;
    case "break":
      return <path d="M8.7 9.900A5 5 0 1 1 7.2 1.1 4.2 4.2 0 0 0 8.7 9.900Z" fill="currentColor" />;
    case "away":
      return <path d="M6 .9 11.1 6 6 11.1.9 6Z" fill="none" stroke="currentColor" strokeWidth="1.6" />;
    case "offline":
      return <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.6" />;
  }
}

/** A state's shape in its colour; the word stands beside it (`StateMark`) or is given to screen readers. */
export function StateShape({ status, size = 12 }: { status: AgentStatus; size?: number }) {
  return (
    <svg
      className={`tone-${TONES[status]}`}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      aria-hidden="true"
      style={{ flex: "none" }}
    >
      <Shape status={status} />
    </svg>
  );
}

export function stateTone(status: AgentStatus): string {
  return `tone-${TONES[status]}`;
}

export function StateMark({ status, detail }: { status: AgentStatus; detail?: string }) {
  const { t } = useTranslation();
  return (
    <span className="row" style={{ gap: 6 }}>
      <StateShape status={status} />
      <span className="ellipsis">
        {t(`state.${status}`)}
        {detail ? ` · ${detail}` : ""}
      </span>
    </span>
  );
}
