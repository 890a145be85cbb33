import { useState } from "react";

export interface Draft {
  code: string;
  note: string;
}

const EMPTY: Draft = { code: "", note: "" };
const key = (interaction: string) => `zhiyin.draft.${interaction}`;

function load(interaction: string): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(sessionStorage.getItem(key(interaction)) ?? "{}") as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

/** What is written but not sent yet, kept for this tab only: it survives a reload and ends with the session. */
export function useDraft(interaction: string): [Draft, (draft: Draft) => void, () => void] {
  const [draft, setDraft] = useState(() => load(interaction));
  const save = (next: Draft) => {
    setDraft(next);
    sessionStorage.setItem(key(interaction), JSON.stringify(next));
  };
  return [draft, save, () => sessionStorage.removeItem(key(interaction))];
}
