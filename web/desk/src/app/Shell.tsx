/** What stays on every page: navigation, the agent's state and call, ringing toast, the far side's sound. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet, useLocation, useNavigate } from "react-router";
import { phone, setOfferWords, startLive } from "../live/session.ts";
import { AlertToasts } from "../parts/alerts/AlertToasts.tsx";
import { OfferToast } from "../parts/call/OfferToast.tsx";
import { TopBar } from "../parts/call/TopBar.tsx";
import { Icon } from "../parts/Icon.tsx";
import { Connection } from "./Connection.tsx";
import { NAV } from "./nav.ts";
import { useSession } from "./session.tsx";
import "./shell.css";

function Rail() {
  const { t } = useTranslation();
  const { can } = useSession();
  const items = NAV.filter((item) => can(item.permission));
  const firstAdmin = items.find((item) => item.group === "admin")?.path;
  return (
    <nav className="rail scroll" aria-label={t("nav.label")}>
      <span className="rail-logo" role="img" aria-label={t("app.name")}>
        <img src="/favicon.svg" alt="" width={30} height={30} />
      </span>
      {items.map((item) => (
        <NavLink
          key={item.path}
          to={item.path}
          className={`rail-item ${item.path === firstAdmin && item !== items[0] ? "rail-first-admin" : ""}`}
          data-testid={`nav-${item.name}`}
        >
          <Icon name={item.icon} />
          <span>{t(`nav.${item.name}`)}</span>
        </NavLink>
      ))}
    </nav>
  );
}

/** Live state for as long as the person is signed in. */
function useLiveSession(): void {
  const { permissions } = useSession();
  const client = useQueryClient();
  const { t } = useTranslation();
  const navigate = useNavigate();
  useEffect(
    () =>
      startLive(permissions, () => {
        client.clear();
        client.setQueryData(["session"], null);
      }),
    [permissions, client],
  );
  useEffect(() => {
    setOfferWords({
      title: (offer) => t("offer.notice", { name: offer.customer_card?.name ?? offer.remote }),
      open: () => navigate("/desk"),
    });
  }, [t, navigate]);
}

/** One function for ever: a new one each paint would take the sound off and put it back. */
const attachSound = (element: HTMLAudioElement | null) => phone.attach(element);

/** A board on a wall: only the page. Nobody stands there to read a toast. */
function useIsKiosk(): boolean {
  const { pathname, search } = useLocation();
  return pathname.startsWith("/boards/") && new URLSearchParams(search).get("kiosk") === "1";
}

export function Shell() {
  useLiveSession();
  const { t } = useTranslation();
  const { can } = useSession();
  const kiosk = useIsKiosk();
  return (
    <div className="shell">
      {kiosk ? null : (
        <>
          <a className="skip" href="#main">
            {t("nav.skip")}
          </a>
          <Rail />
          <TopBar />
          <Connection />
        </>
      )}
      <main id="main" className="main" tabIndex={-1}>
        <Outlet />
      </main>
      <OfferToast />
      {can("live.view") && !kiosk ? <AlertToasts /> : null}
      {/* biome-ignore lint/a11y/useMediaCaption: a live call has no captions */}
      <audio data-testid="remote-audio" autoPlay ref={attachSound} />
    </div>
  );
}
