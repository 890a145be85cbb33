import { customers } from "@zhiyin/client/api";
import type { CustomerCard as Customer } from "@zhiyin/client/model";
import { App, Button, Input, Popover, Tooltip } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "./Icon.tsx";
import { problemWords } from "./problem.ts";

/** A revealed record covers itself again after this. */
const SHOWN_MS = 30_000;
const REASON_MIN = 3;

const isMasked = (customer: Customer) => [customer.name, ...customer.phones].some((text) => text.includes("*"));

function Why({ onReason }: { onReason: (reason: string) => Promise<void> }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    await onReason(reason.trim());
    setBusy(false);
  };
  return (
    <form
      className="stack"
      style={{ width: 260 }}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label htmlFor="reveal-reason">{t("reveal.why")}</label>
      <Input
        id="reveal-reason"
        autoFocus
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        placeholder={t("reveal.placeholder")}
        data-testid="reveal-reason"
      />
      <p className="meta">{t("reveal.note")}</p>
      <Button htmlType="submit" disabled={reason.trim().length < REASON_MIN} loading={busy} data-testid="reveal-go">
        {t("reveal.show")}
      </Button>
    </form>
  );
}

/** Shows a masked customer in clear for a short while, after asking why; every use is audited by the server. */
export function Reveal({
  customer,
  children,
}: {
  customer: Customer;
  children: (shown: Customer, control: ReactNode) => ReactNode;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [clear, setClear] = useState<Customer | null>(null);
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (!clear) return;
    const timer = setTimeout(() => setClear(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [clear]);
  const reveal = async (reason: string) => {
    try {
      setClear(await customers.reveal(customer.id, reason));
      setAsking(false);
    } catch (error) {
      message.error(problemWords(t, error));
    }
  };
  const control =
    isMasked(customer) && !clear ? (
      <Popover
        open={asking}
        onOpenChange={setAsking}
        trigger="click"
        placement="bottomRight"
        destroyOnHidden
        content={<Why onReason={reveal} />}
      >
        <Tooltip title={asking ? "" : t("reveal.title")}>
          <Button
            type="text"
            size="small"
            aria-label={t("reveal.title")}
            icon={<Icon name="eye" size={16} />}
            data-testid="reveal"
          />
        </Tooltip>
      </Popover>
    ) : null;
  return <>{children(clear ?? customer, control)}</>;
}
