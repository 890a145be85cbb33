import type { Board, MetricQuestion } from "@zhiyin/client/model";
import { cssVariables, palettes } from "@zhiyin/client/tokens";
import { Button, Tooltip } from "antd";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { keyOf } from "../../keys/useKeys.ts";
import type { FollowedBoard } from "../../live/board.ts";
import { Icon } from "../../parts/Icon.tsx";
import { RecordsDrawer } from "../../parts/monitor/RecordsDrawer.tsx";
import { timeOfDay, useTick } from "../../parts/time.ts";
import { Empty, Failed, Loading } from "../../parts/Views.tsx";
import { BoardGrid } from "./BoardGrid.tsx";
import { useBoardLive, useBoardQuery, useBoardStale, useKeepUp, useTileSound } from "./useBoard.ts";
import { type Kiosk, useKiosk } from "./useKiosk.ts";
import "./board.css";

const EditBoard = lazy(() => import("./edit/EditBoard.tsx").then((module) => ({ default: module.EditBoard })));

/** What is wrong with the numbers as a whole; the place for it is always there, so that nothing moves. */
function Banner({ live, stale }: { live: FollowedBoard | undefined; stale: number | null }) {
  const { t } = useTranslation();
  const words = live?.gone ? t("board.gone") : stale === null ? "" : t("board.stale", { time: timeOfDay(stale) });
  return (
    <div role="status" data-testid="board-banner">
      {words ? (
        <span className="board-banner num">
          <Icon name="bell" size={16} />
          {words}
        </span>
      ) : null}
    </div>
  );
}

function Clock() {
  useTick();
  return <span className="num">{timeOfDay(Date.now())}</span>;
}

const WALL = cssVariables(palettes.dark);

function Wall({ board, stale, children }: { board: Board; stale: ReactNode; children: ReactNode }) {
  return (
    <div className="kiosk" style={{ ...WALL, colorScheme: "dark" }} data-testid="kiosk">
      <header className="kiosk-head">
        <h1 className="grow ellipsis">{label(board.name)}</h1>
        {stale}
        <Clock />
      </header>
      {children}
    </div>
  );
}

function Tools({ kiosk, onEdit }: { kiosk: Kiosk; onEdit: () => void }) {
  const { t } = useTranslation();
  const { can } = useSession();
  return (
    <>
      {can("board.write") ? (
        <Button icon={<Icon name="settings" size={16} />} onClick={onEdit} data-testid="edit-board">
          {t("board.edit")}
        </Button>
      ) : null}
      <Tooltip title={<span className="kbd">{keyOf("kiosk")}</span>}>
        <Button
          icon={<Icon name="wall" size={16} />}
          onClick={kiosk.enter}
          aria-keyshortcuts={keyOf("kiosk")}
          data-testid="kiosk-on"
        >
          {t("board.kiosk")}
        </Button>
      </Tooltip>
    </>
  );
}

function LiveBoard({ board, onEdit }: { board: Board; onEdit: () => void }) {
  const { t } = useTranslation();
  const live = useBoardLive(board.id);
  const stale = useBoardStale(live);
  const kiosk = useKiosk();
  const [question, setQuestion] = useState<MetricQuestion | null>(null);
  const tiles = live?.computed?.tiles;
  useTileSound(board.tiles, tiles);
  useKeepUp(board.id, board.tiles, live);
  const banner = <Banner live={live} stale={stale} />;
  const isOld = stale !== null || live?.gone ? "board-stale" : "";
  const grid = <BoardGrid tiles={board.tiles} live={tiles} ask={setQuestion} fill={kiosk.on} />;
  const drawer = <RecordsDrawer question={question} onClose={() => setQuestion(null)} />;
  if (kiosk.on) {
    return (
      <Wall board={board} stale={banner}>
        <div className={`wall-body ${isOld}`}>{grid}</div>
        {drawer}
      </Wall>
    );
  }
  return (
    <div className={`page board ${isOld}`} data-testid="board">
      <header className="page-head">
        <Link to="/boards" className="icon-link" aria-label={t("common.back")}>
          <Icon name="back" />
        </Link>
        <h1 className="grow ellipsis">{label(board.name)}</h1>
        {banner}
        <Tools kiosk={kiosk} onEdit={onEdit} />
      </header>
      {board.tiles.length === 0 ? (
        <Empty icon="boards" title={t("board.emptyTitle")} text={t("board.emptyText")} />
      ) : (
        grid
      )}
      {drawer}
    </div>
  );
}

/** One board: live, on a wall, or being changed. */
export function Component() {
  const { id = "" } = useParams();
  const { can } = useSession();
  const [search, setSearch] = useSearchParams();
  const query = useBoardQuery(id);
  if (query.isPending) return <Loading lines={12} />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const { data: board, etag } = query.data;
  if (search.get("edit") === "1" && can("board.write")) {
    return (
      <Suspense fallback={<Loading lines={12} />}>
        <EditBoard key={board.id} board={board} etag={etag ?? ""} onDone={() => setSearch({}, { replace: true })} />
      </Suspense>
    );
  }
  return <LiveBoard board={board} onEdit={() => setSearch({ edit: "1" })} />;
}
