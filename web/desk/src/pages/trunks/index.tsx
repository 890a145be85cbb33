import { trunks } from "@zhiyin/client/api";
import type { Trunk, TrunkBody } from "@zhiyin/client/model";
import { Form, Input, Select, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { useLive } from "../../live/store.ts";
import { ConfigPage } from "../../parts/config/ConfigPage.tsx";
import { useNameColumns } from "../../parts/config/columns.tsx";
import { NamedFields, NumberField, SwitchField } from "../../parts/config/fields.tsx";
import { TrunkState } from "../../parts/TrunkState.tsx";

const BLANK: Required<TrunkBody> = {
  key: "",
  name: { zh: "", en: "" },
  host: "",
  port: 5060,
  transport: "udp",
  inbound: [],
  username: null,
  register: false,
  prefix: "",
  strip: 0,
  caller_id: null,
  calls_max: 30,
  enabled: true,
  password: "",
};

/** An empty password is none: the stored one stays. */
function toBody({ password, ...values }: TrunkBody): TrunkBody {
  const body = {
    ...values,
    inbound: values.inbound ?? [],
    username: values.username || null,
    caller_id: values.caller_id || null,
    prefix: values.prefix ?? "",
  };
  return password ? { ...body, password } : body;
}

function Fields({ isNew }: { isNew: boolean }) {
  const { t } = useTranslation();
  const required = [{ required: true, message: t("config.required") }];
  return (
    <>
      <NamedFields isNew={isNew} />
      <SwitchField name={["enabled"]} text={t("config.enabled")} />
      <div className="triple">
        <Form.Item name="host" label={t("trunks.host")} rules={required}>
          <Input />
        </Form.Item>
        <NumberField name={["port"]} text={t("trunks.port")} min={1} max={65_535} />
        <Form.Item name="transport" label={t("trunks.transport")}>
          <Select options={["udp", "tcp"].map((value) => ({ value, label: value.toUpperCase() }))} />
        </Form.Item>
      </div>
      <Form.Item name="inbound" label={t("trunks.inbound")} extra={t("trunks.inboundHint")}>
        <Select mode="tags" tokenSeparators={[",", " "]} open={false} suffixIcon={null} />
      </Form.Item>
      <div className="pair">
        <Form.Item name="username" label={t("trunks.username")}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="password" label={t("trunks.password")} extra={isNew ? undefined : t("trunks.passwordHint")}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </div>
      <SwitchField name={["register"]} text={t("trunks.register")} hint={t("trunks.registerHint")} />
      <div className="pair">
        <Form.Item name="prefix" label={t("trunks.prefix")} extra={t("trunks.prefixHint")}>
          <Input />
        </Form.Item>
        <NumberField name={["strip"]} text={t("trunks.strip")} hint={t("trunks.stripHint")} max={32} />
        <Form.Item name="caller_id" label={t("trunks.callerId")} extra={t("trunks.callerIdHint")}>
          <Input />
        </Form.Item>
        <NumberField name={["calls_max"]} text={t("trunks.callsMax")} min={1} />
      </div>
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  const live = useLive((state) => state.trunks);
  const columns: TableColumnsType<Trunk> = [
    ...useNameColumns<Trunk>(),
    { title: t("trunks.state"), render: (_, row) => <TrunkState trunk={live.get(row.key)} enabled={row.enabled} /> },
    {
      title: t("trunks.host"),
      render: (_, row) => <span className="num">{`${row.host}:${row.port} ${row.transport.toUpperCase()}`}</span>,
    },
    { title: t("trunks.prefix"), render: (_, row) => <span className="num">{row.prefix || "–"}</span> },
    {
      title: t("trunks.calls"),
      align: "right",
      render: (_, row) => <span className="num">{`${live.get(row.key)?.calls ?? 0} / ${row.calls_max}`}</span>,
    },
  ];
  return (
    <ConfigPage<Trunk, TrunkBody>
      resource={trunks}
      icon="trunks"
      words="trunks"
      permission="config.write"
      keyOf={(row) => row.id}
      nameOf={(row) => label(row.name)}
      columns={columns}
      blank={BLANK}
      toBody={toBody}
      fields={(isNew) => <Fields isNew={isNew} />}
      drawerWidth={580}
    />
  );
}
