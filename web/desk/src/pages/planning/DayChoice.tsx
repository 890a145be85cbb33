import { DatePicker } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";

/** A day that is over or running; `shown` is the one the server took when none was chosen. */
export function DayChoice({
  value,
  shown,
  onChange,
  id,
}: {
  value: string | null;
  shown?: string;
  onChange: (date: string | null) => void;
  id: string;
}) {
  const { t } = useTranslation();
  const day = value ?? shown;
  return (
    <DatePicker
      id={id}
      value={day ? dayjs(day) : null}
      allowClear={false}
      disabledDate={(date) => date.isAfter(dayjs(), "day")}
      onChange={(date) => onChange(date ? date.format("YYYY-MM-DD") : null)}
      placeholder={t("planning.yesterday")}
      style={{ width: 150 }}
      data-testid="planning-date"
    />
  );
}
