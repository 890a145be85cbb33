import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useLive } from "../../live/store.ts";
import { Icon } from "../../parts/Icon.tsx";
import { lineOf } from "../diagnosis/Line.tsx";

/** How many wait in the queue at this moment; leads to why. */
export function WaitingNow({ queue }: { queue: string }) {
  const { t } = useTranslation();
  const count = lineOf(
    useLive((state) => state.waiting),
    queue,
  ).length;
  if (count === 0) return <span className="num tone-off">0</span>;
  return (
    <Link
      to={`/queues/${queue}/waiting`}
      className="num tone-warn"
      title={t("diagnosis.title")}
      onClick={(event) => event.stopPropagation()}
      data-testid="waiting-now"
    >
      {count}
    </Link>
  );
}

export function WhyNobody({ queue }: { queue: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Button
      icon={<Icon name="help" size={16} />}
      onClick={() => navigate(`/queues/${queue}/waiting`)}
      data-testid="why-nobody"
    >
      {t("diagnosis.title")}
    </Button>
  );
}
