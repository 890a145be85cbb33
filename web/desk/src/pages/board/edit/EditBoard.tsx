/** Changing a board: its tiles in their places beside the form of the chosen one. Nothing is kept until it is saved. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { boards } from "@zhiyin/client/api";
import { Problem } from "@zhiyin/client/http";
import type { Board, Tile, TileShows } from "@zhiyin/client/model";
import { App, Button, Dropdown, Input } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker, useNavigate } from "react-router";
import { label } from "../../../i18n/index.ts";
import { Icon } from "../../../parts/Icon.tsx";
import { useMetrics } from "../../../parts/monitor/useMetrics.ts";
import { problemCode, problemWords } from "../../../parts/problem.ts";
import { freeId, moved, newTile, problemsOf, resized, TILES_MAX } from "../draft.ts";
import { useBoardLive } from "../useBoard.ts";
import { EditGrid } from "./EditGrid.tsx";
import { TileForm } from "./TileForm.tsx";
import "../../../parts/config/fields.css";
import "../board.css";
import "./edit.css";

interface Props {
  board: Board;
  etag: string;
  onDone: () => void;
}

const KINDS: readonly TileShows["kind"][] = ["value", "gauge", "trend", "table"];

function useDraft(board: Board) {
  const { byId } = useMetrics();
  const [name, setName] = useState(board.name);
  const [tiles, setTiles] = useState<Tile[]>(board.tiles);
  const [chosen, setChosen] = useState<string | null>(null);
  return {
    name,
    setName,
    tiles,
    chosen: tiles.find((one) => one.id === chosen) ?? null,
    choose: setChosen,
    // Until the catalogue is there nothing can be judged, and nothing is saved.
    problems: problemsOf(tiles, byId),
    ready: byId.size > 0,
    changed: JSON.stringify([name, tiles]) !== JSON.stringify([board.name, board.tiles]),
    add(kind: TileShows["kind"]) {
      const tile = newTile(kind, freeId(tiles), byId);
      setTiles([...tiles, tile]);
      setChosen(tile.id);
    },
    change: (tile: Tile) => setTiles((list) => list.map((one) => (one.id === tile.id ? tile : one))),
    remove: (id: string) => setTiles((list) => list.filter((one) => one.id !== id)),
    move: (id: string, to: number) => setTiles((list) => moved(list, id, to)),
    resize: (id: string, by: { w?: number; h?: number }) => setTiles((list) => resized(list, id, by)),
  };
}

type Draft = ReturnType<typeof useDraft>;

/** Asks before unsaved changes are lost to a click elsewhere. The result lets the next step go without asking. */
function useGuard(changed: boolean): () => void {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const free = useRef(false);
  const blocker = useBlocker(
    useCallback(
      ({ currentLocation, nextLocation }) =>
        changed && !free.current && currentLocation.pathname !== nextLocation.pathname,
      [changed],
    ),
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    const asked = modal.confirm({
      title: t("board.leaveTitle"),
      content: t("board.leaveText"),
      okText: t("board.leave"),
      cancelText: t("board.stay"),
      okButtonProps: { danger: true },
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    });
    return () => asked.destroy();
  }, [blocker, modal, t]);
  return () => {
    free.current = true;
  };
}

function useSave({ board, etag, onDone }: Props, draft: Draft) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => boards.update(board.id, etag, { key: board.key, name: draft.name, tiles: draft.tiles }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["boards"] });
      onDone();
    },
  });
}

function useRemove({ board, etag }: Props, leave: () => void) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  return () =>
    modal.confirm({
      title: t("config.deleteTitle", { name: label(board.name) }),
      content: t("board.deleteText"),
      okText: t("common.delete"),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await boards.remove(board.id, etag);
          leave();
          await client.invalidateQueries({ queryKey: ["boards"], exact: true });
          navigate("/boards");
        } catch (error) {
          message.error(problemWords(t, error));
        }
      },
    });
}

function Head({ props, draft }: { props: Props; draft: Draft }) {
  const { t } = useTranslation();
  const save = useSave(props, draft);
  const remove = useRemove(props, useGuard(draft.changed));
  const named = draft.name.zh.trim() !== "" && draft.name.en.trim() !== "";
  const stale = save.error instanceof Problem && save.error.code === "precondition_failed";
  return (
    <>
      <header className="page-head edit-head">
        <h1 className="visually-hidden">{t("board.editTitle", { name: label(props.board.name) })}</h1>
        <Input
          value={draft.name.zh}
          onChange={(event) => draft.setName({ ...draft.name, zh: event.target.value })}
          aria-label={`${t("board.name")} · ${t("config.zh")}`}
          prefix={<span className="meta">{t("config.zh")}</span>}
        />
        <Input
          value={draft.name.en}
          onChange={(event) => draft.setName({ ...draft.name, en: event.target.value })}
          aria-label={`${t("board.name")} · ${t("config.en")}`}
          prefix={<span className="meta">{t("config.en")}</span>}
        />
        <Dropdown
          trigger={["click"]}
          destroyOnHidden
          menu={{
            items: KINDS.map((kind) => ({
              key: kind,
              label: <span data-testid={`add-${kind}`}>{t(`board.kind.${kind}`)}</span>,
            })),
            onClick: ({ key }) => draft.add(key as TileShows["kind"]),
          }}
          disabled={!draft.ready || draft.tiles.length >= TILES_MAX}
        >
          <Button icon={<Icon name="plus" size={16} />} data-testid="add-tile">
            {t("board.addTile")}
          </Button>
        </Dropdown>
        <span className="grow" />
        <Button danger type="text" icon={<Icon name="trash" size={16} />} onClick={remove} data-testid="delete">
          {t("common.delete")}
        </Button>
        <Button onClick={props.onDone}>{t("common.cancel")}</Button>
        <Button
          type="primary"
          loading={save.isPending}
          disabled={!draft.ready || !draft.changed || !named || draft.problems.size > 0}
          onClick={() => save.mutate()}
          data-testid="save"
        >
          {t("common.save")}
        </Button>
      </header>
      {save.isError ? (
        <div className="form-error row" role="alert" title={problemCode(save.error)}>
          <span className="grow">{problemWords(t, save.error, { conflict: "config.conflict" })}</span>
          {stale ? (
            <Button size="small" onClick={() => window.location.reload()}>
              {t("config.reload")}
            </Button>
          ) : null}
        </div>
      ) : null}
    </>
  );
}

export function EditBoard(props: Props) {
  const { t } = useTranslation();
  const draft = useDraft(props.board);
  const live = useBoardLive(props.board.id)?.computed?.tiles;
  const { chosen } = draft;
  return (
    <div className="page board edit" data-testid="board-edit">
      <Head props={props} draft={draft} />
      <div className="edit-columns">
        <EditGrid draft={draft} saved={props.board.tiles} live={live} />
        <aside className="edit-side scroll" aria-label={t("board.tileForm")}>
          {chosen ? (
            <TileForm
              key={chosen.id}
              tile={chosen}
              problem={draft.problems.get(chosen.id) ?? null}
              onChange={draft.change}
              onRemove={() => draft.remove(chosen.id)}
            />
          ) : (
            <p className="meta">{t("board.chooseTile")}</p>
          )}
        </aside>
      </div>
    </div>
  );
}
