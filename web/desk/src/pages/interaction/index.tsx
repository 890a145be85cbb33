import { useQuery } from "@tanstack/react-query";
import { interactions } from "@zhiyin/client/api";
import type { InteractionDetail } from "@zhiyin/client/model";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { Copyable } from "../../parts/Copyable.tsx";
import { DIRECTION_ICON } from "../../parts/call/names.ts";
import { Icon } from "../../parts/Icon.tsx";
import { OUTCOME_TONE, useResultWords } from "../../parts/InteractionLine.tsx";
import { clock, exactTime } from "../../parts/time.ts";
import { Failed, Loading } from "../../parts/Views.tsx";
import { Events } from "./Events.tsx";
import { Legs } from "./Legs.tsx";
import { Player } from "./Player.tsx";
import { Routes } from "./Routes.tsx";
import { Segments } from "./Segments.tsx";
import "./interaction.css";

const SHORT_ID = 8;

function Facts({ one }: { one: InteractionDetail }) {
  const { t } = useTranslation();
  const cause = one.hangup;
  const facts: [string, string][] = [
    [t("interactions.started"), exactTime(one.started_at)],
    [t("interactions.remote"), one.remote],
    [t("desk.fact.local"), one.local],
    [t("interactions.queue"), label(one.queue_name) || "–"],
    [t("interactions.agent"), one.agent_name || "–"],
    [t("interactions.wait"), clock(one.wait_ms)],
    [t("interactions.talk"), clock(one.talk_ms)],
    [t("interaction.hold"), clock(one.hold_ms)],
    [t("interaction.wrapUp"), clock(one.wrap_up_ms)],
  ];
  if (cause) {
    const codes = [cause.sip_status ? `SIP ${cause.sip_status}` : "", cause.q850 ? `Q.850 ${cause.q850}` : ""]
      .filter(Boolean)
      .join(" · ");
    facts.push([t("interaction.hangup"), `${t(`hangupBy.${cause.by}`)}${codes ? ` (${codes})` : ""}`]);
  }
  return (
    <dl className="idetail-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Head({ one }: { one: InteractionDetail }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const words = useResultWords();
  return (
    <header className="page-head">
      <Button type="text" aria-label={t("common.back")} icon={<Icon name="back" />} onClick={() => navigate(-1)} />
      <span className={one.outcome ? OUTCOME_TONE[one.outcome] : "tone-live"} title={t(`direction.${one.direction}`)}>
        <Icon name={DIRECTION_ICON[one.direction]} />
      </span>
      <h1 className="ellipsis">{one.customer_name || one.remote}</h1>
      <span className="chip">{words(one)}</span>
      <span className="grow" />
      <Copyable text={one.id} shown={one.id.slice(-SHORT_ID)} />
    </header>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { id = "" } = useParams();
  const query = useQuery({ queryKey: ["interaction", id], queryFn: () => interactions.get(id) });
  if (query.isPending) return <Loading lines={12} />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const one = query.data;
  return (
    <div className="page idetail">
      <Head one={one} />
      <Facts one={one} />
      {one.recording && can("recording.play") ? <Player interaction={one} /> : null}
      {!one.recording ? <p className="meta">{t("interaction.noRecording")}</p> : null}
      {one.note ? (
        <section>
          <h2 className="minor">{t("wrapUp.note")}</h2>
          <p className="idetail-note">{one.note}</p>
        </section>
      ) : null}
      <section>
        <h2 className="minor">{t("interaction.segments")}</h2>
        <Segments interaction={one} />
      </section>
      {one.routes.length > 0 ? (
        <section>
          <h2 className="minor">{t("explain.title")}</h2>
          <Routes interaction={one} />
        </section>
      ) : null}
      <section>
        <h2 className="minor">{t("interaction.quality")}</h2>
        <Legs legs={one.legs} />
      </section>
      <section>
        <h2 className="minor">{t("interaction.events")}</h2>
        <Events events={one.events} startedAt={one.started_at} />
      </section>
    </div>
  );
}
