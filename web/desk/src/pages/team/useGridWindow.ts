import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { gridWindow, type Window } from "./roster.ts";

const CARD_MIN_PX = 204;
export const GAP_PX = 10;
export const CARD_PX = 108;
const ROW_PX = CARD_PX + GAP_PX;

export interface GridView extends Window {
  columns: number;
  ref: RefObject<HTMLUListElement | null>;
  /** Scrolls until this item is on the screen. */
  reveal: (at: number) => void;
}

const same = (a: Window & { columns: number }, b: Window & { columns: number }) =>
  a.first === b.first && a.last === b.last && a.columns === b.columns && a.height === b.height;

/** Paints only the cards on the screen, so that five hundred agents cost no more than forty. The page is what scrolls. */
export function useGridWindow(count: number): GridView {
  const ref = useRef<HTMLUListElement>(null);
  const [view, setView] = useState(() => ({ ...gridWindow(count, 4, ROW_PX, 0, 800), columns: 4 }));
  const measure = useRef(() => {});
  measure.current = () => {
    const list = ref.current;
    const page = list?.closest<HTMLElement>(".page");
    if (!list || !page) return;
    const columns = Math.max(1, Math.floor((list.clientWidth + GAP_PX) / (CARD_MIN_PX + GAP_PX)));
    const scrolled = page.getBoundingClientRect().top - list.getBoundingClientRect().top;
    const next = { ...gridWindow(count, columns, ROW_PX, scrolled, page.clientHeight), columns };
    setView((before) => (same(before, next) ? before : next));
  };
  useLayoutEffect(() => measure.current());
  useEffect(() => {
    const list = ref.current;
    const page = list?.closest<HTMLElement>(".page");
    if (!list || !page) return;
    const onMove = () => measure.current();
    const sizes = new ResizeObserver(onMove);
    sizes.observe(list);
    sizes.observe(page);
    page.addEventListener("scroll", onMove, { passive: true });
    return () => {
      sizes.disconnect();
      page.removeEventListener("scroll", onMove);
    };
  }, []);
  const reveal = (at: number) => {
    const list = ref.current;
    const page = list?.closest<HTMLElement>(".page");
    if (!list || !page) return;
    const top = list.getBoundingClientRect().top - page.getBoundingClientRect().top;
    const row = top + Math.floor(at / view.columns) * ROW_PX;
    if (row < 0) page.scrollBy({ top: row - GAP_PX });
    else if (row + CARD_PX > page.clientHeight) page.scrollBy({ top: row + CARD_PX - page.clientHeight + GAP_PX });
    measure.current();
  };
  return { ...view, ref, reveal };
}
