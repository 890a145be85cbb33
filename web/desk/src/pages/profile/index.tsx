import { useMutation } from "@tanstack/react-query";
import { me } from "@zhiyin/client/api";
import type { Locale } from "@zhiyin/client/model";
import { App, Button, Input, Segmented } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "../../app/language.ts";
import { useDirectory, useSession } from "../../app/session.tsx";
import { setTheme, type ThemeChoice, themeChoice } from "../../app/theme.ts";
import { currentLocale } from "../../i18n/index.ts";
import { Field } from "../../parts/Field.tsx";
import { problemWords } from "../../parts/problem.ts";
import "./profile.css";

const PASSWORD_MIN = 10;

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="profile-section">
      <h2>{title}</h2>
      <div className="stack">{children}</div>
    </section>
  );
}

function Password() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const change = useMutation({
    mutationFn: () => me.setPassword(current, next),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      setAgain("");
      message.success(t("profile.passwordChanged"));
    },
  });
  const differs = again !== "" && again !== next;
  const fields = [
    {
      id: "current-password",
      text: t("profile.currentPassword"),
      value: current,
      set: setCurrent,
      auto: "current-password",
    },
    {
      id: "new-password",
      text: t("profile.newPassword"),
      value: next,
      set: setNext,
      auto: "new-password",
      hint: t("profile.passwordRule", { count: PASSWORD_MIN }),
    },
    { id: "again-password", text: t("profile.again"), value: again, set: setAgain, auto: "new-password" },
  ];
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      {fields.map((one) => (
        <Field key={one.id} id={one.id} label={one.text} hint={one.hint}>
          <Input.Password
            id={one.id}
            autoComplete={one.auto}
            value={one.value}
            onChange={(event) => one.set(event.target.value)}
          />
        </Field>
      ))}
      {differs || change.isError ? (
        <p className="form-error" role="alert">
          {differs ? t("profile.differs") : problemWords(t, change.error, { conflict: "profile.wrongPassword" })}
        </p>
      ) : null}
      <div>
        <Button
          htmlType="submit"
          loading={change.isPending}
          disabled={!current || next.length < PASSWORD_MIN || next !== again}
        >
          {t("profile.change")}
        </Button>
      </div>
    </form>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { user } = useSession();
  const { teams } = useDirectory();
  const setLanguage = useLanguage();
  const [theme, choose] = useState(themeChoice());
  const facts: [string, string][] = [
    [t("signIn.username"), user.username],
    [t("people.roles"), user.roles.map((role) => t(`role.${role}`)).join(" · ")],
    [t("people.team"), teams.find((one) => one.id === user.team)?.name ?? "–"],
    [t("people.extension"), user.extension ?? "–"],
  ];
  return (
    <div className="page">
      <div className="profile">
        <h1>{user.display_name}</h1>
        <dl className="profile-facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <Section title={t("profile.look")}>
          <div className="profile-row">
            <span>{t("profile.language")}</span>
            <Segmented<Locale>
              value={currentLocale()}
              onChange={(locale) => void setLanguage(locale)}
              options={[
                { value: "zh-CN", label: t("profile.zh") },
                { value: "en", label: t("profile.en") },
              ]}
            />
          </div>
          <div className="profile-row">
            <span>{t("profile.theme")}</span>
            <Segmented<ThemeChoice>
              value={theme}
              onChange={(choice) => {
                choose(choice);
                setTheme(choice);
              }}
              options={(["light", "dark", "system"] as const).map((value) => ({
                value,
                label: t(`profile.themes.${value}`),
              }))}
            />
          </div>
        </Section>
        <Section title={t("profile.password")}>
          <Password />
        </Section>
      </div>
    </div>
  );
}
