import type { AgentLive } from "@zhiyin/client/model";
import { Button, Checkbox, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { useSupervise } from "./useSupervise.ts";

/** In which queues an agent works: tick to add, untick to take out, both to move. `added` is ticked already: the drop target. */
export function AgentQueues({ agent, added, onClose }: { agent: AgentLive; added?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { queues, agents } = useDirectory();
  const { setQueues } = useSupervise();
  const [before] = useState(agent.queues);
  const [chosen, setChosen] = useState<string[]>(() => [...new Set([...before, ...(added ? [added] : [])])]);
  const [busy, setBusy] = useState(false);
  const name = agent.display_name || agents.find((one) => one.id === agent.user)?.display_name || agent.user;
  const changed = chosen.length !== before.length || chosen.some((one) => !before.includes(one));
  const save = async () => {
    setBusy(true);
    const done = await setQueues(agent.user, before, chosen);
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Modal
      open
      onCancel={onClose}
      title={t("team.queuesTitle", { name })}
      width={420}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="primary"
            loading={busy}
            disabled={!changed}
            onClick={() => void save()}
            data-testid="save-queues"
          >
            {t("common.save")}
          </Button>
        </>
      }
    >
      <p className="meta">{t("team.queuesHint")}</p>
      <Checkbox.Group
        className="queue-choices"
        value={chosen}
        onChange={(next) => setChosen(next as string[])}
        options={queues.map((one) => ({ value: one.id, label: label(one.name) }))}
      />
    </Modal>
  );
}
