import { Navigate } from "react-router";
import { NAV } from "./nav.ts";
import { useSession } from "./session.tsx";

/** The first page this person may open. */
export function Home() {
  const { can } = useSession();
  const first = NAV.find((item) => can(item.permission));
  return <Navigate to={first?.path ?? "/profile"} replace />;
}
