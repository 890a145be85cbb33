import { lazy, Suspense, useEffect } from "react";
import { setLocale } from "../i18n/index.ts";
import { Failed } from "../parts/Views.tsx";
import { SessionProvider, useSessionQuery } from "./session.tsx";

const SignIn = lazy(() => import("../pages/signin/SignIn.tsx").then((module) => ({ default: module.SignIn })));
const Shell = lazy(() => import("./Shell.tsx").then((module) => ({ default: module.Shell })));

/** Sign-in or the product, on the address that was asked for. */
export function Root() {
  const query = useSessionQuery();
  const locale = query.data?.user.locale;
  const user = query.data?.user.id;
  useEffect(() => {
    // The person's own language wins over what this browser used last.
    if (user && locale) setLocale(locale);
  }, [user, locale]);
  if (query.isPending) return null;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return (
    <Suspense fallback={null}>
      {query.data ? (
        <SessionProvider key={query.data.user.id} session={query.data}>
          <Shell />
        </SessionProvider>
      ) : (
        <SignIn />
      )}
    </Suspense>
  );
}
