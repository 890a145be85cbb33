import type { CapacityProfileBody, Channel } from "@zhiyin/client/model";
import { Button, Form, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { Icon } from "../../parts/Icon.tsx";

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
    <Form.List name="channels">
      {(rows, { add, remove }) => (
        <>
          <p className="meta">{t("capacity.hint")}</p>
          {rows.map((row) => (
            <div key={row.key} className="sub">
              <div className="sub-head">
                <Form.Item name={[row.name, "channel"]} noStyle>
                  <Select options={options} style={{ width: 140 }} aria-label={t("capacity.channel")} />
                </Form.Item>
                <span className="grow" />
                <Button
                  type="text"
                  aria-label={t("common.remove")}
                  icon={<Icon name="close" size={16} />}
                  onClick={() => remove(row.name)}
                />
              </div>
              <div className="pair">
                <Form.Item name={[row.name, "slots"]} label={t("capacity.slots")}>
                  <InputNumber min={0} max={SLOTS_MAX} style={{ width: "100%" }} />
                </Form.Item>
                <Form.Item name={[row.name, "load_percent"]} label={t("capacity.load")}>
                  <InputNumber min={0} max={100} style={{ width: "100%" }} />
                </Form.Item>
              </div>
              <Form.Item name={[row.name, "interrupts"]} label={t("capacity.interrupts")}>
                <Select mode="multiple" options={options} />
              </Form.Item>
            </div>
          ))}
          {rows.length < CHANNELS.length ? (
            <Button
              icon={<Icon name="plus" size={16} />}
              onClick={() => add({ channel: "chat", slots: 1, load_percent: 20, interrupts: [] })}
              style={{ marginBottom: 16 }}
            >
              {t("capacity.add")}
            </Button>
          ) : null}
        </>
      )}
    </Form.List>
  );
}
