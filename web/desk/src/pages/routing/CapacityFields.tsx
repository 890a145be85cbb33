import type { CapacityProfileBody, Channel } from "@zhiyin/client/model";
import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { NumberField } from "../../parts/config/fields.tsx";
import { RowList } from "../../parts/config/RowList.tsx";

const CHANNELS: readonly Channel[] = ["voice", "video", "chat", "message", "ticket"];
const SLOTS_MAX = 50;

/** What everybody has who is given no profile. */
export const USUAL: CapacityProfileBody["channels"] = [
  { channel: "voice", slots: 1, load_percent: 100, interrupts: ["message", "ticket"] },
  { channel: "video", slots: 1, load_percent: 100, interrupts: ["message", "ticket"] },
  { channel: "chat", slots: 5, load_percent: 20, interrupts: ["ticket"] },
  { channel: "message", slots: 10, load_percent: 10, interrupts: [] },
  { channel: "ticket", slots: 5, load_percent: 20, interrupts: [] },
];

/** Slots, attention and interruptions, channel by channel. */
export function CapacityFields() {
  const { t } = useTranslation();
  const options = CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }));
  return (
    <>
      <h2 className="minor">{t("capacity.channels")}</h2>
      <p className="meta">{t("capacity.hint")}</p>
      <RowList
        name="channels"
        max={CHANNELS.length}
        add={t("capacity.add")}
        blank={() => ({ channel: "chat", slots: 1, load_percent: 20, interrupts: [] })}
        head={(row) => (
          <Form.Item name={[row, "channel"]} noStyle>
            <Select options={options} style={{ width: 140 }} aria-label={t("capacity.channel")} />
          </Form.Item>
        )}
      >
        {(row) => (
          <>
            <div className="pair">
              <NumberField name={[row, "slots"]} text={t("capacity.slots")} max={SLOTS_MAX} />
              <NumberField name={[row, "load_percent"]} text={t("capacity.load")} max={100} />
            </div>
            <Form.Item name={[row, "interrupts"]} label={t("capacity.interrupts")}>
              <Select mode="multiple" options={options} placeholder={t("config.none")} />
            </Form.Item>
          </>
        )}
      </RowList>
    </>
  );
}
