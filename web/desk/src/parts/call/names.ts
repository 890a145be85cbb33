import type { CallCard, Direction, OfferCard } from "@zhiyin/client/model";
import type { IconName } from "../Icon.tsx";

/** What the far side is called: the customer's name, else the number. */
export function farName(card: Pick<OfferCard | CallCard, "customer_card" | "remote">): string {
  return card.customer_card?.name || card.remote;
}

/** What the caller chose: a menu option's label, or the word of a callback. */
export function reasonWords(t: (key: string) => string, reason: string): string {
  return reason === "callback" ? t("offer.callback") : reason;
}

export const DIRECTION_ICON: Record<Direction, IconName> = {
  inbound: "inbound",
  outbound: "outbound",
  internal: "internal",
};
