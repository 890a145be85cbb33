import type { AgentLive } from "@zhiyin/client/model";
import { Input, Segmented, Select } from "antd";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { useLive } from "../../live/store.ts";
import { Icon } from "../../parts/Icon.tsx";
import { Empty } from "../../parts/Views.tsx";
import { AgentCard } from "./AgentCard.tsx";
import { type Person, type RosterFilter, roster, step } from "./roster.ts";
import { useCardContext } from "./useCardContext.ts";
import { CARD_PX, GAP_PX, useGridWindow } from "./useGridWindow.ts";

interface Props {
  filter: RosterFilter;
  onFilter: (change: Partial<RosterFilter>) => void;
  onQueues: (agent: AgentLive) => void;
}

function Filters({ filter, onFilter, count }: Omit<Props, "onQueues"> & { count: number }) {
  const { t } = useTranslation();
  const { teams } = useDirectory();
  return (
    <div className="row section-head">
      <h2>{t("team.agents")}</h2>
      <span className="meta num grow">{count}</span>
      {filter.agent ? (
        <button type="button" className="plain link" onClick={() => onFilter({ agent: null })}>
          {t("common.clear")}
        </button>
      ) : null}
      <Input
        size="small"
        allowClear
        value={filter.search}
        onChange={(event) => onFilter({ search: event.target.value })}
        prefix={<Icon name="search" size={14} />}
        placeholder={t("team.findAgent")}
        aria-label={t("team.findAgent")}
        style={{ width: 150 }}
      />
      <Select
        size="small"
        allowClear
        value={filter.team}
        onChange={(team) => onFilter({ team: team ?? null })}
        placeholder={t("team.anyTeam")}
        aria-label={t("team.anyTeam")}
        options={teams.map((one) => ({ value: one.id, label: one.name }))}
        style={{ width: 130 }}
      />
      <Segmented
        size="small"
        value={filter.all ? "all" : "in"}
        onChange={(shown) => onFilter({ all: shown === "all" })}
        options={[
          { value: "in", label: t("team.signedIn") },
          { value: "all", label: t("team.all") },
        ]}
      />
    </div>
  );
}

function useRoster(filter: RosterFilter): AgentLive[] {
  const agents = useLive((state) => state.agents);
  const { agents: people } = useDirectory();
  return useMemo(() => {
    const known = new Map(people.map((one) => [one.id, one]));
    const personOf = (user: string): Person => {
      const one = known.get(user);
      return { name: one?.display_name ?? agents.get(user)?.display_name ?? "", team: one?.team ?? null };
    };
    return roster(agents.values(), filter, personOf);
  }, [agents, people, filter]);
}

/** Every agent as a card; arrows move between them, letters act on the one with the focus. */
export function AgentGrid({ filter, onFilter, onQueues }: Props) {
  const { t } = useTranslation();
  const context = useCardContext();
  const shown = useRoster(filter);
  const grid = useGridWindow(shown.length);
  const [current, setCurrent] = useState(0);
  const stop = Math.min(current, Math.max(0, shown.length - 1));
  const wanted = useRef<number | null>(null);
  const onFocus = useCallback((at: number) => setCurrent(at), []);
  useEffect(() => {
    // The card that an arrow led to may have been painted only now.
    if (wanted.current === null) return;
    const card = grid.ref.current?.querySelector<HTMLElement>(`[data-at="${wanted.current}"]`);
    if (!card) return;
    wanted.current = null;
    card.focus({ preventScroll: true });
  });
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (!(event.target as HTMLElement).matches("[data-at]")) return;
    const to = step(event.key, stop, shown.length, grid.columns);
    if (to === stop) return;
    event.preventDefault();
    wanted.current = to;
    setCurrent(to);
    grid.reveal(to);
  };
  return (
    <section aria-label={t("team.agents")}>
      <Filters filter={filter} onFilter={onFilter} count={shown.length} />
      {shown.length === 0 ? <Empty icon="team" title={t("team.noAgents")} text={t("team.noAgentsText")} /> : null}
      <ul
        className="agents"
        ref={grid.ref}
        onKeyDown={onKeyDown}
        style={{
          gridTemplateColumns: `repeat(${grid.columns}, minmax(0, 1fr))`,
          gridAutoRows: CARD_PX,
          gap: GAP_PX,
          paddingTop: grid.before,
          height: grid.height,
        }}
      >
        {shown.slice(grid.first, grid.last).map((agent, i) => (
          <AgentCard
            key={agent.user}
            agent={agent}
            context={context}
            at={grid.first + i}
            count={shown.length}
            isStop={grid.first + i === stop}
            onFocus={onFocus}
            onQueues={onQueues}
          />
        ))}
      </ul>
      {context.maySupervise ? <p className="meta team-hint">{t("team.keys")}</p> : null}
    </section>
  );
}
