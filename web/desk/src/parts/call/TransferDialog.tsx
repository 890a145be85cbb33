import type { TransferTo } from "@zhiyin/client/api";
import { Button, Input, Modal } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory, useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { useLive } from "../../live/store.ts";
import { Icon, type IconName } from "../Icon.tsx";
import { StateMark } from "../StateMark.tsx";
import { normalNumber } from "./number.ts";
import { useCallActions } from "./useCallActions.ts";
import "./transfer.css";

interface Target {
  key: string;
  icon: IconName;
  name: string;
  hint: string;
  agent?: string;
  to: TransferTo;
}

function useTargets(search: string): Target[] {
  const { t } = useTranslation();
  const { user } = useSession();
  const { queues, agents } = useDirectory();
  return useMemo(() => {
    const wanted = search.trim().toLowerCase();
    const fits = (...texts: (string | null | undefined)[]) =>
      texts.some((text) => text?.toLowerCase().includes(wanted));
    const number = normalNumber(search);
    const found: Target[] = [];
    for (const queue of queues) {
      if (!fits(queue.key, queue.name.zh, queue.name.en)) continue;
      found.push({
        key: queue.id,
        icon: "queues",
        name: label(queue.name),
        hint: t("transfer.queue"),
        to: { queue: queue.id },
      });
    }
    for (const agent of agents) {
      if (agent.id === user.id || !fits(agent.display_name, agent.extension)) continue;
      found.push({
        key: agent.id,
        icon: "people",
        name: agent.display_name,
        hint: agent.extension ?? "",
        agent: agent.id,
        to: { agent: agent.id },
      });
    }
    if (number)
      found.push({ key: `number:${number}`, icon: "phone", name: number, hint: t("transfer.number"), to: { number } });
    return found;
  }, [search, queues, agents, user.id, t]);
}

function TargetRow({ target, chosen, onChoose }: { target: Target; chosen: boolean; onChoose: () => void }) {
  const state = useLive((live) => (target.agent ? live.agents.get(target.agent)?.status : undefined));
  return (
    <button
      type="button"
      role="option"
      aria-selected={chosen}
      className="plain transfer-row"
      onClick={onChoose}
      data-testid={`transfer-to-${target.key}`}
    >
      <Icon name={target.icon} size={18} />
      <span className="grow ellipsis">{target.name}</span>
      <span className="meta">{state ? <StateMark status={state} /> : target.hint}</span>
    </button>
  );
}

/** Blind transfer: one field finds queues, colleagues and numbers; Enter takes the marked one. */
export function TransferDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { transfer } = useCallActions();
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState(0);
  const [busy, setBusy] = useState(false);
  const targets = useTargets(search);
  const target = targets[Math.min(chosen, targets.length - 1)];
  const close = () => {
    setSearch("");
    setChosen(0);
    onClose();
  };
  const go = async () => {
    if (!target || busy) return;
    setBusy(true);
    const done = await transfer(target.to);
    setBusy(false);
    if (done) close();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (move !== 0) {
      event.preventDefault();
      setChosen((at) => Math.max(0, Math.min(targets.length - 1, at + move)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      void go();
    }
  };
  return (
    <Modal open={open} onCancel={close} title={t("transfer.title")} width={460} destroyOnHidden footer={null}>
      <div className="stack" data-testid="transfer-dialog">
        <Input
          autoFocus
          value={search}
          placeholder={t("transfer.search")}
          aria-label={t("transfer.search")}
          prefix={<Icon name="search" size={16} />}
          onChange={(event) => {
            setSearch(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
          data-testid="transfer-search"
        />
        <div className="transfer-list scroll" role="listbox" aria-label={t("transfer.title")}>
          {targets.map((one, at) => (
            <TargetRow key={one.key} target={one} chosen={one === target} onChoose={() => setChosen(at)} />
          ))}
          {targets.length === 0 ? <p className="meta transfer-none">{t("transfer.none")}</p> : null}
        </div>
        <div className="row">
          <span className="meta grow">{t("transfer.hint")}</span>
          <Button onClick={close}>{t("common.cancel")}</Button>
          <Button type="primary" loading={busy} disabled={!target} onClick={() => void go()} data-testid="transfer-go">
            {t("transfer.go")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
