import { useMutation, useQuery } from "@tanstack/react-query";
import { setup } from "@zhiyin/client/api";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { Field } from "../../parts/Field.tsx";
import { problemWords } from "../../parts/problem.ts";
import { Empty, Failed } from "../../parts/Views.tsx";
import { Welcome } from "../../parts/Welcome.tsx";

const PASSWORD_MIN = 10;

function Form({ token, onDone }: { token: string; onDone: () => void }) {
  const { t } = useTranslation();
  const [username, setUsername] = useState("admin");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const create = useMutation({
    mutationFn: () => setup.create({ token, username, display_name: name, password }),
    onSuccess: onDone,
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Field id="display-name" label={t("setup.displayName")}>
        <Input
          id="display-name"
          size="large"
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
          data-testid="display-name"
        />
      </Field>
      <Field id="username" label={t("signIn.username")}>
        <Input
          id="username"
          size="large"
          autoComplete="username"
          value={username}
          onChange={(event) => setUsername(event.target.value)}
          data-testid="username"
        />
      </Field>
      <Field id="password" label={t("signIn.password")} hint={t("profile.passwordRule", { count: PASSWORD_MIN })}>
        <Input.Password
          id="password"
          size="large"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          data-testid="password"
        />
      </Field>
      {create.isError ? (
        <p className="form-error" role="alert">
          {problemWords(t, create.error, { conflict: "setup.badLink" })}
        </p>
      ) : null}
      <Button
        type="primary"
        size="large"
        htmlType="submit"
        block
        loading={create.isPending}
        disabled={!username || !name || password.length < PASSWORD_MIN}
        data-testid="setup-create"
      >
        {t("setup.create")}
      </Button>
    </form>
  );
}

/** The first page of an empty installation: makes the first administrator, once. */
export function Component() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const token = search.get("token") ?? "";
  const [done, setDone] = useState(false);
  const state = useQuery({ queryKey: ["setup"], queryFn: setup.state, retry: false });
  if (done) {
    return (
      <Welcome title={t("setup.doneTitle")} text={t("setup.doneText")}>
        <Link to="/">{t("signIn.submit")}</Link>
      </Welcome>
    );
  }
  return (
    <Welcome title={t("setup.title")} text={t("setup.text")}>
      {state.isError ? <Failed error={state.error} /> : null}
      {state.data && !state.data.needed ? (
        <Empty icon="check" title={t("setup.closedTitle")} text={t("setup.closedText")}>
          <Link to="/">{t("signIn.submit")}</Link>
        </Empty>
      ) : null}
      {state.data?.needed ? <Form token={token} onDone={() => setDone(true)} /> : null}
    </Welcome>
  );
}
