import { useQueryClient } from "@tanstack/react-query";
import { session } from "@zhiyin/client/api";
import { setCsrf } from "@zhiyin/client/http";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../parts/Field.tsx";
import { problemCode, problemWords } from "../../parts/problem.ts";
import { Welcome } from "../../parts/Welcome.tsx";

export function SignIn() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const signedIn = await session.signIn(username.normalize("NFKC").trim(), password);
      setCsrf(signedIn.csrf);
      client.setQueryData(["session"], signedIn);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Welcome title={t("signIn.title")}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <Field label={t("signIn.username")} id="username">
          <Input
            id="username"
            size="large"
            autoFocus
            autoComplete="username"
            value={username}
            onChange={(event) => setUsername(event.target.value)}
            data-testid="username"
          />
        </Field>
        <Field label={t("signIn.password")} id="password">
          <Input.Password
            id="password"
            size="large"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            data-testid="password"
          />
        </Field>
        {error ? (
          <p className="form-error" role="alert" title={problemCode(error)}>
            {problemWords(t, error)}
          </p>
        ) : null}
        <Button
          type="primary"
          size="large"
          htmlType="submit"
          block
          loading={busy}
          disabled={!username || !password}
          data-testid="sign-in"
        >
          {t("signIn.submit")}
        </Button>
      </form>
    </Welcome>
  );
}
