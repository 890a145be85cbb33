/** A ringing call must also be noticed from another window: system notification and blinking title. */
import type { OfferCard } from "@zhiyin/client/model";

export interface OfferWords {
  /** Shows the page where the call is worked on. */
  open: () => void;
  title: (offer: OfferCard) => string;
}

const BLINK_MS = 900;

function notify(text: string, tag: string, open: () => void): Notification | null {
  if (typeof Notification === "undefined" || Notification.permission !== "granted" || !document.hidden) return null;
  const notice = new Notification(text, { tag, requireInteraction: true });
  notice.onclick = () => {
    window.focus();
    open();
    notice.close();
  };
  return notice;
}

/** Shows the call outside the page; the result takes it back. */
export function notifyOffer(offer: OfferCard, words: OfferWords, allowed: boolean): () => void {
  const text = words.title(offer);
  const notice = allowed ? notify(text, offer.offer, words.open) : null;
  const title = document.title;
  let on = false;
  const timer = setInterval(() => {
    on = !on;
    document.title = on ? `▲ ${text}` : title;
  }, BLINK_MS);
  return () => {
    clearInterval(timer);
    document.title = title;
    notice?.close();
  };
}
