import { serverNow } from "@zhiyin/client/http";
import type { OfferCard } from "@zhiyin/client/model";
import { App, Button } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { keyOf, useKeys } from "../../keys/useKeys.ts";
import { monitored } from "../../live/phone.ts";
import { useLive } from "../../live/store.ts";
import { Icon } from "../Icon.tsx";
import { InteractionLine } from "../InteractionLine.tsx";
import { clock, useTick } from "../time.ts";
import { farName, reasonWords } from "./names.ts";
import { useCallActions } from "./useCallActions.ts";
import { usePhone } from "./usePhone.ts";
import "./offer.css";

const RADIUS = 17;
const LENGTH = 2 * Math.PI * RADIUS;

/** Seconds left, as a ring that empties and a number in it. The whole is what was left when the offer was first seen here. */
function Countdown({ expiresAt }: { expiresAt: number }) {
  useTick();
  const leftMs = Math.max(0, (expiresAt - serverNow()) / 1000);
  const whole = useRef(Math.max(1, leftMs));
  const seconds = Math.ceil(leftMs / 1000);
  return (
    <svg className="offer-ring" viewBox="0 0 40 40" width="44" height="44" aria-hidden="true">
      <circle cx="20" cy="20" r={RADIUS} className="offer-ring-base" />
      <circle
        cx="20"
        cy="20"
        r={RADIUS}
        className="offer-ring-left"
        strokeDasharray={LENGTH}
        strokeDashoffset={LENGTH * (1 - leftMs / whole.current)}
        transform="rotate(-90 20 20)"
      />
      <text x="20" y="24.5" textAnchor="middle">
        {seconds}
      </text>
    </svg>
  );
}

function Facts({ offer }: { offer: OfferCard }) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  const queue = queues.find((one) => one.id === offer.queue);
  return (
    <dl className="offer-facts">
      {offer.reason ? (
        <div>
          <dt>{t("offer.reason")}</dt>
          <dd className="offer-reason">{reasonWords(t, offer.reason)}</dd>
        </div>
      ) : null}
      <div>
        <dt>{t("offer.queue")}</dt>
        <dd>{label(queue?.name) || offer.local}</dd>
      </div>
      <div>
        <dt>{t("offer.waited")}</dt>
        <dd className="num">{clock(offer.waited_ms)}</dd>
      </div>
    </dl>
  );
}

function Card({ offer }: { offer: OfferCard }) {
  const { t } = useTranslation();
  const { accept, decline } = useCallActions();
  const phone = usePhone();
  // Who listens to a colleague leaves it by answering.
  const connecting = phone.at !== "idle" && !monitored(phone);
  useKeys({ answer: () => void accept(), decline: () => void decline() });
  const customer = offer.customer_card;
  return (
    <section className="offer" data-testid="offer-toast" aria-label={t("offer.title")}>
      <header className="offer-head">
        <span className="offer-mark" aria-hidden="true">
          <Icon name="phone" size={22} />
        </span>
        <div className="grow">
          <div className="row">
            <span className="offer-name ellipsis">{customer?.name || t("offer.unknown")}</span>
            {customer?.vip ? <span className="chip vip">VIP</span> : null}
          </div>
          <div className="offer-number num">{offer.remote}</div>
        </div>
        <Countdown expiresAt={offer.expires_at} />
      </header>
      {customer && (customer.tags.length > 0 || customer.company) ? (
        <div className="offer-tags">
          {customer.company ? <span className="chip">{customer.company}</span> : null}
          {customer.tags.slice(0, 4).map((tag) => (
            <span key={tag} className="chip">
              {tag}
            </span>
          ))}
        </div>
      ) : null}
      <Facts offer={offer} />
      <div className="offer-recent">
        {(offer.recent ?? []).slice(0, 3).map((one) => (
          <InteractionLine key={one.id} interaction={one} />
        ))}
        {(offer.recent ?? []).length === 0 ? <p className="meta">{t("offer.first")}</p> : null}
      </div>
      <footer className="offer-buttons">
        <Button
          type="primary"
          size="large"
          className="offer-answer"
          loading={connecting}
          onClick={() => void accept()}
          aria-keyshortcuts={keyOf("answer")}
          data-testid="answer"
        >
          {t("offer.answer")} <span className="offer-key">{keyOf("answer")}</span>
        </Button>
        <Button
          size="large"
          disabled={connecting}
          onClick={() => void decline()}
          aria-keyshortcuts={keyOf("decline")}
          data-testid="decline"
        >
          {t("offer.decline")} <span className="offer-key">{keyOf("decline")}</span>
        </Button>
      </footer>
    </section>
  );
}

/** Says once, quietly, why an offer went away when the agent did not end it. */
function useOfferResult(): void {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const result = useLive((state) => state.offerResult);
  useEffect(() => {
    if (result?.result === "no_answer" || result?.result === "caller_left")
      message.info(t(`offerResult.${result.result}`));
  }, [result, message, t]);
}

/** A ringing call, on every page. It takes no focus: the person may be typing. */
export function OfferToast() {
  const { t } = useTranslation();
  const offer = useLive((state) => state.offer);
  useOfferResult();
  return (
    <>
      <div className="visually-hidden" aria-live="assertive" role="alert">
        {offer ? t("offer.spoken", { name: farName(offer), answer: keyOf("answer"), decline: keyOf("decline") }) : ""}
      </div>
      {offer ? <Card key={offer.offer} offer={offer} /> : null}
    </>
  );
}
