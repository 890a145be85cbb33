import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { PhoneState } from "../../live/phone.ts";
import { phone } from "../../live/session.ts";
import { live } from "../../live/store.ts";
import { Icon } from "../Icon.tsx";

/** Why the last call could not be carried here, and what to do about it. */
export function PhoneProblemNote({ state }: { state: PhoneState & { at: "idle" } }) {
  const { t } = useTranslation();
  const call = live.get().call;
  const words =
    state.problem === "refused"
      ? t(`phoneRefused.${state.code}`, { defaultValue: t("phoneProblem.refused") })
      : t(`phoneProblem.${state.problem}`);
  return (
    <div className="phone-problem" role="alert" data-testid="phone-problem">
      <Icon name="micOff" size={18} />
      <span className="ellipsis" title={words}>
        {words}
      </span>
      {call ? (
        <Button size="small" onClick={() => phone.send({ type: "resume", call: call.call })}>
          {t("call.reconnect")}
        </Button>
      ) : null}
      <Button
        size="small"
        type="text"
        onClick={() => phone.send({ type: "acknowledge" })}
        aria-label={t("common.close")}
        icon={<Icon name="close" size={16} />}
      />
    </div>
  );
}
