import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Empty } from "../parts/Views.tsx";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <h1 className="visually-hidden">{t("notFound.title")}</h1>
      <Empty icon="search" title={t("notFound.title")} text={t("notFound.text")}>
        <Link to="/">{t("notFound.home")}</Link>
      </Empty>
    </div>
  );
}
