/** Who is signed in and what they may do. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { directory, session } from "@zhiyin/client/api";
import { Problem, setCsrf } from "@zhiyin/client/http";
import type { Directory, PersonSession } from "@zhiyin/client/model";
import { createContext, type ReactNode, useContext, useMemo } from "react";

export interface SignedIn extends PersonSession {
  can: (permission: string) => boolean;
}

const Context = createContext<SignedIn | null>(null);

export function SessionProvider({ session: value, children }: { session: PersonSession; children: ReactNode }) {
  const signedIn = useMemo<SignedIn>(() => {
    const names = new Set(value.permissions.map((grant) => grant.permission));
    return { ...value, can: (permission) => names.has(permission) };
  }, [value]);
  return <Context.Provider value={signedIn}>{children}</Context.Provider>;
}

export function useSession(): SignedIn {
  const value = useContext(Context);
  if (!value) throw new Error("useSession outside of a signed-in page");
  return value;
}

/** The running session; `null` when nobody is signed in. */
export function useSessionQuery() {
  return useQuery<PersonSession | null>({
    queryKey: ["session"],
    queryFn: async () => {
      try {
        const current = await session.current();
        setCsrf(current.csrf);
        return current.user ? { ...current, user: current.user } : null;
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await session.signOut().catch(() => {
      // Already signed out, or no network: this page forgets the person all the same.
    });
    client.clear();
    client.setQueryData(["session"], null);
  };
}

const EMPTY: Directory = { queues: [], agents: [], teams: [], break_reasons: [], wrap_up_codes: [] };

/** Names for ids: queues, colleagues, reasons, codes. */
export function useDirectory(): Directory {
  const query = useQuery({ queryKey: ["directory"], queryFn: directory, staleTime: 60_000 });
  return query.data ?? EMPTY;
}
