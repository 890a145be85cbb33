import { useQuery } from "@tanstack/react-query";
import { customers } from "@zhiyin/client/api";
import type { CustomerCard as Customer } from "@zhiyin/client/model";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../app/session.tsx";
import { Reveal } from "../../parts/Reveal.tsx";
import { Empty } from "../../parts/Views.tsx";
import type { Current } from "./useCurrent.ts";

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="cust-line">
      <dt>{name}</dt>
      <dd className="num">{children}</dd>
    </div>
  );
}

function Known({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { can } = useSession();
  return (
    <Reveal customer={customer}>
      {(shown, control) => (
        <>
          <div className="row">
            <span className="cust-name ellipsis grow">{shown.name}</span>
            {shown.vip ? <span className="chip vip">VIP</span> : null}
          </div>
          {shown.tags.length > 0 ? (
            <div className="cust-tags">
              {shown.tags.map((tag) => (
                <span key={tag} className="chip">
                  {tag}
                </span>
              ))}
            </div>
          ) : null}
          <dl className="cust-lines">
            {shown.phones.map((phone, at) => (
              <Line key={phone} name={at === 0 ? t("customer.phone") : ""}>
                {phone} {at === 0 && can("customer.reveal") ? control : null}
              </Line>
            ))}
            {shown.company ? <Line name={t("customer.company")}>{shown.company}</Line> : null}
            {shown.email ? <Line name={t("customer.email")}>{shown.email}</Line> : null}
            {shown.note ? <Line name={t("customer.note")}>{shown.note}</Line> : null}
          </dl>
        </>
      )}
    </Reveal>
  );
}

/** Who it is, before anything else. */
export function CustomerCard({ current }: { current: Current | null }) {
  const { t } = useTranslation();
  const id = current?.customerId ?? null;
  const query = useQuery({
    queryKey: ["customer", id],
    queryFn: () => customers.get(id ?? ""),
    enabled: id !== null && !current?.customer,
  });
  const customer = current?.customer ?? query.data ?? null;
  return (
    <section className="cust" data-testid="customer-card">
      <h2 className="side-title">{t("desk.customer")}</h2>
      {customer ? <Known key={customer.id} customer={customer} /> : null}
      {!customer && current ? (
        <Empty
          icon="people"
          title={t("customer.unknown", { number: current.remote })}
          text={t("customer.unknownText")}
        />
      ) : null}
      {!current ? <Empty icon="people" title={t("customer.none")} text={t("customer.noneText")} /> : null}
    </section>
  );
}
