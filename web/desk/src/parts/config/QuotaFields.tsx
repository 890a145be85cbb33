import { useTranslation } from "react-i18next";
import { NumberField, type Path, SwitchField } from "./fields.tsx";

const AGENTS_MAX = 10_000;

/** How many may be on a break at once; an empty field is no limit. */
export function QuotaFields({ name }: { name: Path }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="pair">
        <NumberField
          name={[...name, "agents_max"]}
          text={t("quota.agentsMax")}
          hint={t("quota.agentsMaxHint")}
          max={AGENTS_MAX}
        />
        <NumberField
          name={[...name, "percent_max"]}
          text={t("quota.percentMax")}
          hint={t("quota.percentMaxHint")}
          max={100}
        />
      </div>
      <SwitchField name={[...name, "refuse"]} text={t("quota.refuse")} hint={t("quota.refuseHint")} />
    </>
  );
}
