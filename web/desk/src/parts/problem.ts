import { Problem } from "@zhiyin/client/http";
import type { TFunction } from "i18next";

/** What happened, in the person's language; the code is shown beside it, to be copied. */
export function problemWords(t: TFunction, error: unknown): string {
  if (!(error instanceof Problem)) return t("errors.internal");
  const key = `errors.${error.code}`;
  const words = t(key, { defaultValue: "", field: error.field ?? "" });
  return words || error.detail || t("errors.internal");
}

export function problemCode(error: unknown): string {
  if (!(error instanceof Problem)) return "client";
  return [error.code, error.status || null, error.field, error.requestId].filter(Boolean).join(" · ");
}
