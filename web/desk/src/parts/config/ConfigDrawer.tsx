import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Problem } from "@zhiyin/client/http";
import { App, Button, Drawer, Form, type FormInstance } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../Icon.tsx";
import { problemCode, problemWords } from "../problem.ts";
import { Failed, Loading } from "../Views.tsx";
import type { ConfigPageProps } from "./ConfigPage.tsx";
import { whole } from "./whole.ts";

type Props<T extends object, B extends object, N extends B> = ConfigPageProps<T, B, N> & {
  editing: string | null;
  mayWrite: boolean;
  onClose: () => void;
};

const FORM = "config-form";

function useItem<T extends object, B extends object, N extends B>({ resource, editing }: Props<T, B, N>) {
  return useQuery({
    queryKey: [resource.name, editing],
    queryFn: () => resource.get(editing ?? ""),
    enabled: editing !== null && editing !== "new",
    // An ETag that is minutes old would only lead to a refused save.
    staleTime: 0,
    gcTime: 0,
  });
}

function useSave<T extends object, B extends object, N extends B>(
  { resource, editing, toBody, toNew, onClose }: Props<T, B, N>,
  etag: string | null,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (values: N) =>
      editing === "new"
        ? // Where nothing more is needed to create than to change, the two bodies are one type.
          resource.create(toNew ? toNew(values) : (toBody(values) as unknown as N))
        : resource.update(editing ?? "", etag ?? "", toBody(values)),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: [resource.name] }),
        client.invalidateQueries({ queryKey: ["directory"] }),
      ]);
      onClose();
    },
  });
}

function useRemove<T extends object, B extends object, N extends B>(
  { resource, editing, onClose }: Props<T, B, N>,
  etag: string | null,
) {
  const client = useQueryClient();
  const { modal, message } = App.useApp();
  const { t } = useTranslation();
  return (name: string) =>
    modal.confirm({
      title: t("config.deleteTitle", { name }),
      content: t("config.deleteText"),
      okText: t("common.delete"),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await resource.remove(editing ?? "", etag ?? "");
          await Promise.all([
            client.invalidateQueries({ queryKey: [resource.name] }),
            client.invalidateQueries({ queryKey: ["directory"] }),
          ]);
          onClose();
        } catch (error) {
          message.error(problemWords(t, error, { conflict: "config.inUse" }));
        }
      },
    });
}

function SaveError({ error, reload }: { error: unknown; reload: () => void }) {
  const { t } = useTranslation();
  const changed = error instanceof Problem && error.code === "precondition_failed";
  return (
    <div className="form-error row" role="alert" title={problemCode(error)}>
      <span className="grow">{problemWords(t, error, { conflict: "config.conflict" })}</span>
      {changed ? (
        <Button size="small" onClick={reload}>
          {t("config.reload")}
        </Button>
      ) : null}
    </div>
  );
}

export function ConfigDrawer<T extends object, B extends object, N extends B>(props: Props<T, B, N>) {
  const { t } = useTranslation();
  const form = useRef<FormInstance<N>>(null);
  const isNew = props.editing === "new";
  const item = useItem(props);
  const etag = item.data?.etag ?? null;
  const save = useSave(props, etag);
  const remove = useRemove(props, etag);
  const row = item.data?.data;
  const initial: object | undefined = isNew ? props.blank : row;
  const name = row && !isNew ? props.nameOf(row) : "";
  const close = () => {
    save.reset();
    props.onClose();
  };
  const deletable = props.mayWrite && !isNew && props.canDelete !== false;
  return (
    <Drawer
      open={props.editing !== null}
      onClose={close}
      size={props.drawerWidth ?? 520}
      destroyOnHidden
      title={isNew ? t(`${props.words}.add`) : name}
      footer={
        props.mayWrite ? (
          <div className="row">
            {deletable ? (
              <Button
                danger
                type="text"
                icon={<Icon name="trash" size={16} />}
                onClick={() => remove(name)}
                data-testid="delete"
              >
                {t("common.delete")}
              </Button>
            ) : null}
            <span className="grow" />
            <Button onClick={close}>{t("common.cancel")}</Button>
            <Button
              type="primary"
              htmlType="submit"
              form={FORM}
              loading={save.isPending}
              disabled={!initial}
              data-testid="save"
            >
              {t("common.save")}
            </Button>
          </div>
        ) : null
      }
    >
      {!isNew && item.isPending ? <Loading /> : null}
      {item.isError ? <Failed error={item.error} retry={() => void item.refetch()} /> : null}
      {initial ? (
        <>
          {row && !isNew ? props.actions?.(row) : null}
          <Form<N>
            ref={form}
            key={`${props.editing}-${etag}`}
            id={FORM}
            layout="vertical"
            initialValues={initial as Partial<N>}
            disabled={!props.mayWrite}
            onFinish={() => save.mutate(whole(form.current?.getFieldsValue(true), props.blank))}
            scrollToFirstError
          >
            {props.fields(isNew)}
          </Form>
          {save.isError ? <SaveError error={save.error} reload={() => void item.refetch()} /> : null}
        </>
      ) : null}
    </Drawer>
  );
}
