import { useQueryClient } from "@tanstack/react-query";
import { me } from "@zhiyin/client/api";
import type { Locale, PersonSession } from "@zhiyin/client/model";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import { setLocale } from "../i18n/index.ts";
import { problemWords } from "../parts/problem.ts";

/** Changes the language at once, here and for this person's next visit. */
export function useLanguage(): (locale: Locale) => Promise<void> {
  const client = useQueryClient();
  const { message } = App.useApp();
  const { t } = useTranslation();
  return async (locale) => {
    setLocale(locale);
    try {
      const user = await me.setLocale(locale);
      client.setQueryData<PersonSession | null>(["session"], (old) =>
        old ? { ...old, user: { ...old.user, locale: user.locale } } : old,
      );
    } catch (error) {
      message.error(problemWords(t, error));
    }
  };
}
