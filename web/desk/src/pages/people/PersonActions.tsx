import { people } from "@zhiyin/client/api";
import type { User } from "@zhiyin/client/model";
import { App, Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../app/session.tsx";
import { Copyable } from "../../parts/Copyable.tsx";
import { problemWords } from "../../parts/problem.ts";

const PASSWORD_MIN = 10;

function SetPassword({ onSet }: { onSet: (password: string) => Promise<void> }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  return (
    <form
      className="row"
      style={{ width: "100%" }}
      onSubmit={(event) => {
        event.preventDefault();
        void onSet(password);
      }}
    >
      <Input.Password
        autoFocus
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        placeholder={t("profile.passwordRule", { count: PASSWORD_MIN })}
        aria-label={t("people.newPassword")}
      />
      <Button htmlType="submit" disabled={password.length < PASSWORD_MIN}>
        {t("people.set")}
      </Button>
    </form>
  );
}

/** What is done to a person's access beside their record. A phone password is shown once and never again. */
export function PersonActions({ person }: { person: User }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const { message } = App.useApp();
  const [setting, setSetting] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const attempt = async (run: () => Promise<unknown>, done?: string) => {
    try {
      await run();
      if (done) message.success(done);
    } catch (error) {
      message.error(problemWords(t, error));
    }
  };
  return (
    <div className="actions">
      {can("user.credentials") ? (
        <>
          <Button onClick={() => setSetting(!setting)}>{t("people.newPassword")}</Button>
          <Button onClick={() => void attempt(() => people.unlock(person.id), t("people.unlocked"))}>
            {t("people.unlock")}
          </Button>
        </>
      ) : null}
      {can("user.manage") && person.extension ? (
        <Button onClick={() => void attempt(async () => setSecret((await people.phonePassword(person.id)).password))}>
          {t("people.phonePassword")}
        </Button>
      ) : null}
      {setting ? (
        <SetPassword
          onSet={(password) =>
            attempt(async () => {
              await people.setPassword(person.id, password);
              setSetting(false);
            }, t("people.passwordSet"))
          }
        />
      ) : null}
      {secret ? (
        <div className="secret" style={{ width: "100%" }}>
          <span>{t("people.phonePasswordOnce", { extension: person.extension })}</span>
          <Copyable text={secret} />
        </div>
      ) : null}
    </div>
  );
}
