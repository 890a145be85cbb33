import { Button, Form, Input, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import { Icon } from "../../parts/Icon.tsx";
import { RemoveButton } from "../../parts/RemoveButton.tsx";

const LEVEL_MAX = 10;
const SKILLS_MAX = 50;
const SKILL = /^[a-z0-9_-]{1,40}$/;

type Skills = Record<string, number>;

function Rows({ value, onChange }: { value?: Skills; onChange?: (skills: Skills) => void }) {
  const { t } = useTranslation();
  const rows = Object.entries(value ?? {});
  const set = (at: number, row: [string, number]) =>
    onChange?.(Object.fromEntries(rows.map((one, index) => (index === at ? row : one))));
  return (
    <div className="sub skills">
      {rows.map(([skill, level], at) => (
        // The place is the identity here: the key itself is being typed.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={at} className="member-row">
          <Input
            value={skill}
            status={SKILL.test(skill) ? undefined : "error"}
            aria-label={t("people.skill")}
            onChange={(event) => set(at, [event.target.value.trim().toLowerCase(), level])}
          />
          <InputNumber
            value={level}
            min={1}
            max={LEVEL_MAX}
            prefix={t("people.skillLevel")}
            aria-label={t("people.skillLevel")}
            onChange={(next) => set(at, [skill, next ?? 1])}
          />
          <RemoveButton onClick={() => onChange?.(Object.fromEntries(rows.filter((_, index) => index !== at)))} />
        </div>
      ))}
      {rows.length < SKILLS_MAX && !("" in (value ?? {})) ? (
        <Button icon={<Icon name="plus" size={16} />} onClick={() => onChange?.({ ...value, "": 1 })}>
          {t("people.addSkill")}
        </Button>
      ) : null}
    </div>
  );
}

/** What somebody can do, for routing: key → level, the higher the better. */
export function SkillsField() {
  const { t } = useTranslation();
  const named = (_: unknown, skills?: Skills) =>
    Object.keys(skills ?? {}).every((skill) => SKILL.test(skill))
      ? Promise.resolve()
      : Promise.reject(new Error(t("people.skillRule")));
  return (
    <Form.Item name="skills" label={t("people.skills")} extra={t("people.skillsHint")} rules={[{ validator: named }]}>
      <Rows />
    </Form.Item>
  );
}
