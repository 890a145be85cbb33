import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Icon } from "./Icon.tsx";

/** Takes one row out of a list. */
export function RemoveButton({ onClick, small = false }: { onClick: () => void; small?: boolean }) {
  const { t } = useTranslation();
  return (
    <Button
      type="text"
      size={small ? "small" : "middle"}
      aria-label={t("common.remove")}
      icon={<Icon name="close" size={16} />}
      onClick={onClick}
    />
  );
}
