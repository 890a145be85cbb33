import type { ReactNode } from "react";

/** A labelled control outside of Ant Design's forms. */
export function Field({
  label,
  id,
  hint,
  children,
}: {
  label: string;
  id: string;
  hint?: string;
  children: ReactNode;
}) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {hint ? <p className="meta">{hint}</p> : null}
    </div>
  );
}
