import { useRouteError } from "react-router";
import { Failed } from "../parts/Views.tsx";

/** A page that could not be loaded or broke while painting; the rest of the product goes on. */
export function PageFailed() {
  const error = useRouteError();
  return <Failed error={error} retry={() => window.location.reload()} />;
}
