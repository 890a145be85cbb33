import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import type { Page } from "@zhiyin/client/model";

export interface CursorList<T> {
  items: T[];
  isPending: boolean;
  error: Error | null;
  hasMore: boolean;
  loadingMore: boolean;
  more: () => void;
  retry: () => void;
}

/** A keyset-paged list that grows on demand. */
export function useCursorList<T>(queryKey: QueryKey, load: (cursor: string | null) => Promise<Page<T>>): CursorList<T> {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
  return {
    items: query.data?.pages.flatMap((page) => page.items) ?? [],
    isPending: query.isPending,
    error: query.error,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}
