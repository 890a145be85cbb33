import { Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useLanguage } from "../../app/language.ts";
import { useSession, useSignOut } from "../../app/session.tsx";
import { setTheme, themeName } from "../../app/theme.ts";
import { currentLocale } from "../../i18n/index.ts";
import { Icon } from "../Icon.tsx";
import { inBar } from "./inBar.ts";

export function UserMenu() {
  const { t } = useTranslation();
  const { user } = useSession();
  const signOut = useSignOut();
  const setLanguage = useLanguage();
  const navigate = useNavigate();
  const items = [
    { key: "profile", label: t("nav.profile"), onClick: () => navigate("/profile") },
    {
      key: "language",
      label: t("user.otherLanguage"),
      onClick: () => void setLanguage(currentLocale() === "en" ? "zh-CN" : "en"),
    },
    {
      key: "theme",
      label: t(themeName() === "dark" ? "user.useLight" : "user.useDark"),
      onClick: () => setTheme(themeName() === "dark" ? "light" : "dark"),
    },
    { type: "divider" as const },
    {
      key: "signout",
      label: t("user.signOut"),
      icon: <Icon name="signout" size={16} />,
      onClick: () => void signOut(),
    },
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]} destroyOnHidden getPopupContainer={inBar} placement="bottomRight">
      <button
        type="button"
        className="plain user-button"
        data-testid="user-menu"
        aria-label={t("user.menu", { name: user.display_name })}
      >
        <span className="avatar" aria-hidden="true">
          {user.display_name.slice(0, 1)}
        </span>
        <span className="ellipsis user-name">{user.display_name}</span>
        <Icon name="down" size={14} />
      </button>
    </Dropdown>
  );
}
