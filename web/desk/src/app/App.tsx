import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Problem } from "@zhiyin/client/http";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { RouterProvider } from "react-router";
import { router } from "./routes.tsx";
import { antTheme, useThemeName } from "./theme.ts";

const RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      staleTime: 5_000,
      // Only a broken connection or server is worth trying again; a refusal stays one.
      retry: (count, error) =>
        count < RETRIES && (!(error instanceof Problem) || error.status === 0 || error.status >= 502),
    },
  },
});

export function App() {
  const { t, i18n } = useTranslation();
  const title = t("app.name");
  useEffect(() => {
    document.title = title;
  }, [title]);
  const theme = useThemeName();
  return (
    <ConfigProvider
      locale={i18n.language === "en" ? enUS : zhCN}
      theme={antTheme(theme)}
      button={{ autoInsertSpace: false }}
    >
      <AntApp message={{ maxCount: 3 }} component={false}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
