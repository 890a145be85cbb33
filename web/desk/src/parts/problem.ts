import { Problem } from "@zhiyin/client/http";
import type { TFunction } from "i18next";

/** What happened, in the person's language. `special` names better words for some codes at this place. */
export function problemWords(t: TFunction, error: unknown, special: Record<string, string> = {}): string {
  if (!(error instanceof Problem)) return t("errors.internal");
  const better = special[error.code];
  if (better) return t(better);
  const key = `errors.${error.code}`;
  const words = t(key, { defaultValue: "", field: error.field ?? "" });
  return words || error.detail || t("errors.internal");
}

export function problemCode(error: unknown): string {
  if (!(error instanceof Problem)) return "client";
  return [error.code, error.status || null, error.field, error.requestId].filter(Boolean).join(" · ");
}
