import { useMutation, useQueryClient } from "@tanstack/react-query";
import { boards } from "@zhiyin/client/api";
import type { Label } from "@zhiyin/client/model";
import { Button, Form, Modal, Radio, Select } from "antd";
import i18next from "i18next";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { KeyField, LabelFields } from "../../parts/config/fields.tsx";
import { problemWords } from "../../parts/problem.ts";
import { freeKey, nameWith, TEMPLATES, type TemplateName, tilesOf } from "./templates.ts";

interface Values {
  template: TemplateName | "empty";
  queue?: string;
  key: string;
  name: Label;
}

/** The template's name in both languages, whichever the page is in. */
function bothNames(template: Values["template"]): Label {
  const words = (lng: string) => i18next.t(`template.${template}.name`, { lng });
  return { zh: words("zh-CN"), en: words("en") };
}

function useCreate() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ template, queue, key, name }: Values) =>
      boards.create({ key, name, tiles: template === "empty" ? [] : tilesOf(template, queue ?? null) }),
    onSuccess: async (board) => {
      await client.invalidateQueries({ queryKey: ["boards"] });
      navigate(`/boards/${board.id}?edit=1`);
    },
  });
}

/** A board begins from what others look at; it opens for changing at once. */
export function NewBoard({ open, taken, onClose }: { open: boolean; taken: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  const [form] = Form.useForm<Values>();
  const template = Form.useWatch("template", form) ?? "service";
  const create = useCreate();
  const close = () => {
    create.reset();
    onClose();
  };
  const suggest = (changed: Partial<Values>, all: Values) => {
    if (!("template" in changed) && !("queue" in changed)) return;
    const queue = queues.find((one) => one.id === all.queue);
    const about = all.template === "service" || all.template === "empty" ? undefined : queue;
    form.setFieldsValue({
      name: nameWith(bothNames(all.template), about?.name),
      key: freeKey(about ? `${all.template}-${about.key}` : all.template, taken).slice(0, 40),
    });
  };
  return (
    <Modal open={open} onCancel={close} title={t("boards.add")} footer={null} destroyOnHidden width={560}>
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ template: "service", name: bothNames("service"), key: freeKey("service", taken) }}
        onValuesChange={suggest}
        onFinish={(values) => create.mutate(values)}
      >
        <Form.Item name="template" label={t("boards.template")}>
          <Radio.Group className="template-choices">
            {[...TEMPLATES, "empty" as const].map((name) => (
              <Radio key={name} value={name} data-testid={`template-${name}`}>
                <span className="template-name">{t(`template.${name}.name`)}</span>
                <span className="meta">{t(`template.${name}.text`)}</span>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        {template === "queue" || template === "team" ? (
          <Form.Item
            name="queue"
            label={t("boards.queue")}
            rules={template === "queue" ? [{ required: true, message: t("config.required") }] : []}
            extra={template === "team" ? t("boards.queueHint") : undefined}
          >
            <Select
              allowClear={template === "team"}
              showSearch={{ optionFilterProp: "label" }}
              options={queues.map((one) => ({ value: one.id, label: label(one.name) }))}
            />
          </Form.Item>
        ) : null}
        <LabelFields name={["name"]} text={t("board.name")} />
        <KeyField isNew />
        {create.isError ? (
          <p className="form-error" role="alert">
            {problemWords(t, create.error, { conflict: "config.conflict" })}
          </p>
        ) : null}
        <Button type="primary" htmlType="submit" loading={create.isPending} data-testid="create-board">
          {t("boards.create")}
        </Button>
      </Form>
    </Modal>
  );
}
