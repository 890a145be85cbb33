import { useQuery } from "@tanstack/react-query";
import { boards } from "@zhiyin/client/api";
import type { Board, TileLevel } from "@zhiyin/client/model";
import { Button } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { boardStaleSince } from "../../live/board.ts";
import { followBoards } from "../../live/session.ts";
import { useLive } from "../../live/store.ts";
import { Icon } from "../../parts/Icon.tsx";
import { LevelMark } from "../../parts/monitor/LevelMark.tsx";
import { useTick } from "../../parts/time.ts";
import { Empty, Failed, Loading } from "../../parts/Views.tsx";
import { levelsOf } from "../board/changes.ts";
import { layout } from "../board/draft.ts";
import { NewBoard } from "./NewBoard.tsx";
import "./boards.css";

/** More cards than this show no live levels: each of them is computed by the server for this page alone. */
const LIVE_MAX = 12;
const LEVELS: readonly TileLevel[] = ["critical", "warn", "ok", "no_data"];

/** The board in small: each tile in its place with its level as colour; the words stand beside it. */
function Thumbnail({ board }: { board: Board }) {
  const live = useLive((state) => state.boards.get(board.id))?.computed?.tiles;
  const { places, rows } = layout(board.tiles);
  return (
    <span className="board-thumb" style={{ gridTemplateRows: `repeat(${Math.max(4, rows)}, 1fr)` }} aria-hidden="true">
      {board.tiles.map((tile, i) => {
        const at = places[i] ?? { column: 0, row: 0 };
        return (
          <span
            key={tile.id}
            className={`thumb-tile thumb-${live?.[tile.id]?.level ?? "no_data"}`}
            style={{ gridColumn: `${at.column + 1} / span ${tile.w}`, gridRow: `${at.row + 1} / span ${tile.h}` }}
          />
        );
      })}
    </span>
  );
}

function Levels({ id }: { id: string }) {
  const { t } = useTranslation();
  useTick();
  const live = useLive((state) => state.boards.get(id));
  const connection = useLive((state) => state.connection);
  if (!live?.computed) return <span className="meta">{"\u00a0"}</span>;
  if (boardStaleSince(live, connection, Date.now()) !== null) return <span className="meta">{t("boards.stale")}</span>;
  const { counts } = levelsOf(live.computed.tiles);
  return (
    <span className="row num board-levels">
      {LEVELS.filter((level) => counts[level] > 0).map((level) => (
        <span key={level} className="row">
          <LevelMark level={level} />
          {counts[level]}
        </span>
      ))}
    </span>
  );
}

function Card({ board }: { board: Board }) {
  const { t } = useTranslation();
  return (
    <li>
      <Link to={`/boards/${board.id}`} className="board-card" data-testid="board-card">
        <Thumbnail board={board} />
        <span className="board-card-name ellipsis">{label(board.name)}</span>
        <span className="row">
          <span className="meta grow">{t("boards.tiles", { count: board.tiles.length })}</span>
          <Levels id={board.id} />
        </span>
      </Link>
    </li>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { can } = useSession();
  const [adding, setAdding] = useState(false);
  const query = useQuery({ queryKey: ["boards"], queryFn: () => boards.list() });
  const items = query.data?.items;
  const followed = useMemo(() => items?.slice(0, LIVE_MAX).map((one) => one.id) ?? [], [items]);
  useEffect(() => followBoards(followed), [followed]);
  const add = can("board.write") ? (
    <Button type="primary" icon={<Icon name="plus" size={16} />} onClick={() => setAdding(true)} data-testid="add">
      {t("boards.add")}
    </Button>
  ) : null;
  return (
    <div className="page">
      <header className="page-head">
        <div className="grow">
          <h1>{t("boards.title")}</h1>
          <p className="lead meta">{t("boards.lead")}</p>
        </div>
        <Link to="/metrics-help">{t("metricsHelp.title")}</Link>
        {items?.length === 0 ? null : add}
      </header>
      {query.isPending ? <Loading lines={8} /> : null}
      {query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : null}
      {items?.length === 0 ? (
        <Empty icon="boards" title={t("boards.emptyTitle")} text={t("boards.emptyText")}>
          {add}
        </Empty>
      ) : null}
      {items && items.length > 0 ? (
        <ul className="board-cards">
          {items.map((board) => (
            <Card key={board.id} board={board} />
          ))}
        </ul>
      ) : null}
      <NewBoard open={adding} taken={items?.map((one) => one.key) ?? []} onClose={() => setAdding(false)} />
    </div>
  );
}
