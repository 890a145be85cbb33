/** Rules and quotas in a few words, for their lists. */
import type { BreakQuota, RoutingRule } from "@zhiyin/client/model";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { clock } from "../../parts/time.ts";

const DOT = " · ";

/** Whom a rule concerns. */
export function useWhenWords(): (rule: RoutingRule) => string {
  const { t } = useTranslation();
  return ({ when }) => {
    const words = [
      typeof when?.vip === "boolean" ? t(when.vip ? "rule.isVip" : "rule.noVip") : "",
      when?.tag ? t("rule.is.tag", { value: when.tag }) : "",
      when?.company ? t("rule.is.company", { value: when.company }) : "",
      when?.number ? t("rule.is.number", { value: when.number }) : "",
      when?.menu_digit ? t("rule.is.menuDigit", { value: when.menu_digit }) : "",
    ];
    return words.filter(Boolean).join(DOT) || t("rule.everybody");
  };
}

/** What it changes. */
export function useThenWords(): (rule: RoutingRule) => string {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  return (rule) => {
    const queue = queues.find((one) => one.key === rule.queue);
    const words = [
      rule.priority ? t("rule.does.priority", { value: rule.priority }) : "",
      rule.needs ? t("rule.does.needs", { value: rule.needs }) : "",
      rule.prefer_last_agent_ms ? t("rule.does.preferLastAgent", { value: clock(rule.prefer_last_agent_ms) }) : "",
      rule.queue ? t("rule.does.queue", { value: label(queue?.name) || rule.queue }) : "",
    ];
    return words.filter(Boolean).join(DOT) || t("config.none");
  };
}

/** How many may be on a break at once. */
export function useQuotaWords(): (quota: BreakQuota | undefined) => string {
  const { t } = useTranslation();
  return (quota) => {
    const words = [
      typeof quota?.agents_max === "number" ? t("quota.agents", { count: quota.agents_max }) : "",
      typeof quota?.percent_max === "number" ? `${quota.percent_max}%` : "",
    ].filter(Boolean);
    if (words.length === 0) return t("quota.unlimited");
    return [...words, t(quota?.refuse ? "quota.refused" : "quota.waits")].join(DOT);
  };
}
