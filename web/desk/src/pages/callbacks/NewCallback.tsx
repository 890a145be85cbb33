/** Enters a callback by hand: at once, or for a time that was agreed. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { callbacks } from "@zhiyin/client/api";
import type { Callback } from "@zhiyin/client/model";
import { App, Button, DatePicker, Drawer, Form, Input, Segmented, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { problemWords } from "../../parts/problem.ts";

const NUMBER = /^\+?[\d\s().-]{3,40}$/;
const DAYS_AHEAD_MAX = 30;
const FORM = "new-callback";

interface Values {
  queue: string;
  number: string;
  mode?: Callback["mode"];
  when: "asap" | "at";
  at?: Dayjs;
}

export function NewCallback({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  const { message } = App.useApp();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: ({ queue, number, mode, when, at }: Values) =>
      callbacks.request({
        queue,
        number,
        mode: mode ?? null,
        priority: 0,
        not_before: when === "at" && at ? at.valueOf() * 1000 : null,
      }),
    onSuccess: async () => {
      message.success(t("callbacks.taken"));
      await client.invalidateQueries({ queryKey: ["callbacks"] });
      onClose();
    },
    onError: (error) => message.error(problemWords(t, error)),
  });
  return (
    <Drawer
      open={open}
      onClose={onClose}
      title={t("callbacks.new")}
      size={420}
      destroyOnHidden
      footer={
        <div className="row" style={{ justifyContent: "flex-end", gap: 8 }}>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="primary" htmlType="submit" form={FORM} loading={save.isPending} data-testid="save">
            {t("callbacks.save")}
          </Button>
        </div>
      }
    >
      <Form<Values>
        id={FORM}
        layout="vertical"
        initialValues={{ when: "asap", queue: queues[0]?.id }}
        onFinish={(values) => save.mutate(values)}
      >
        <Form.Item
          name="number"
          label={t("callbacks.number")}
          extra={t("callbacks.numberRule")}
          rules={[{ required: true, pattern: NUMBER, message: t("callbacks.numberRule") }]}
        >
          <Input autoFocus inputMode="tel" autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="queue"
          label={t("callbacks.queue")}
          rules={[{ required: true, message: t("config.required") }]}
        >
          <Select options={queues.map((one) => ({ value: one.id, label: label(one.name) }))} />
        </Form.Item>
        <Form.Item name="mode" label={t("callbacks.mode")}>
          <Select
            allowClear
            placeholder={t("callbacks.queueMode")}
            options={(["agent_first", "customer_first"] as const).map((value) => ({
              value,
              label: t(`callbacks.modes.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="when" label={t("callbacks.when")}>
          <Segmented options={(["asap", "at"] as const).map((value) => ({ value, label: t(`callbacks.${value}`) }))} />
        </Form.Item>
        <Form.Item noStyle dependencies={["when"]}>
          {({ getFieldValue }) =>
            getFieldValue("when") === "at" ? (
              <Form.Item
                name="at"
                label={t("callbacks.at")}
                rules={[{ required: true, message: t("config.required") }]}
              >
                <DatePicker
                  showTime={{ format: "HH:mm" }}
                  format="YYYY-MM-DD HH:mm"
                  minDate={dayjs()}
                  maxDate={dayjs().add(DAYS_AHEAD_MAX, "day")}
                  style={{ width: "100%" }}
                />
              </Form.Item>
            ) : null
          }
        </Form.Item>
      </Form>
    </Drawer>
  );
}
