import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { SHORTCUTS } from "./table.ts";
import { keyOf } from "./useKeys.ts";

export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t("keys.title")} width={420}>
      <table style={{ width: "100%", borderSpacing: "0 8px" }} data-testid="key-help">
        <tbody>
          {SHORTCUTS.map((one) => (
            <tr key={one.action}>
              <th scope="row" style={{ fontWeight: 400, textAlign: "start" }}>
                {t(`keys.${one.action}`)}
              </th>
              <td style={{ textAlign: "end" }}>
                <kbd className="kbd">{keyOf(one.action)}</kbd>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="meta">{t("keys.note")}</p>
    </Modal>
  );
}
