/** What-if: real days played again with something changed. The run's id stands in the address: one may leave and come back. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { planning } from "@zhiyin/client/api";
import { Problem } from "@zhiyin/client/http";
import type { WhatIf } from "@zhiyin/client/model";
import { Button, Progress, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { Field } from "../../parts/Field.tsx";
import { problemWords } from "../../parts/problem.ts";
import { Empty, Loading } from "../../parts/Views.tsx";
import { DayChoice } from "./DayChoice.tsx";
import { useHistory, useRun } from "./usePlanning.ts";
import { WhatIfBuilder } from "./WhatIfBuilder.tsx";
import { WhatIfOutcome } from "./WhatIfOutcome.tsx";
import { changesOf, draftOf, isIncomplete, isUnchanged } from "./what-if.ts";

const DAYS = [1, 2, 3, 4, 5, 6, 7];
const REPLICATIONS = [10, 20, 50, 100];
const SPECIAL = { no_calls: "planning.noCalls", limit_reached: "planning.lineFull" };

interface Frame {
  date: string | null;
  days: number;
  /** Keys; none: all. */
  queues: string[];
  replications: number;
}

function FrameFields({
  frame,
  shownDate,
  onChange,
}: {
  frame: Frame;
  shownDate?: string;
  onChange: (frame: Frame) => void;
}) {
  const { t } = useTranslation();
  const { queues } = useDirectory();
  return (
    <div className="planning-choice">
      <Field label={t("planning.day")} id="what-if-day">
        <DayChoice
          id="what-if-day"
          value={frame.date}
          shown={shownDate}
          onChange={(date) => onChange({ ...frame, date })}
        />
      </Field>
      <Field label={t("planning.days")} id="what-if-days">
        <Select
          id="what-if-days"
          value={frame.days}
          onChange={(days) => onChange({ ...frame, days })}
          options={DAYS.map((value) => ({ value, label: t("planning.daysOf", { count: value }) }))}
          style={{ width: 110 }}
        />
      </Field>
      <Field label={t("planning.queues")} id="what-if-queues">
        <Select
          id="what-if-queues"
          mode="multiple"
          maxTagCount="responsive"
          value={frame.queues}
          onChange={(chosen) => onChange({ ...frame, queues: chosen })}
          options={queues.map((one) => ({ value: one.key, label: label(one.name) }))}
          placeholder={t("planning.allQueues")}
          style={{ width: 240 }}
        />
      </Field>
      <Field label={t("planning.replications")} id="what-if-replications">
        <Select
          id="what-if-replications"
          value={frame.replications}
          onChange={(replications) => onChange({ ...frame, replications })}
          options={REPLICATIONS.map((value) => ({ value, label: t("planning.times", { count: value }) }))}
          style={{ width: 120 }}
        />
      </Field>
    </div>
  );
}

function RunState({ run, onStop }: { run: WhatIf; onStop: () => void }) {
  const { t } = useTranslation();
  const open = run.state === "waiting" || run.state === "running";
  if (open) {
    return (
      <div className="row planning-run" role="status" data-testid="run-open">
        <span>{t(`planning.run.${run.state}`)}</span>
        <Progress
          className="grow"
          percent={Math.round(run.progress * 100)}
          status="active"
          aria-label={t("planning.progress")}
        />
        <Button onClick={onStop} data-testid="run-stop">
          {t("common.cancel")}
        </Button>
      </div>
    );
  }
  if (run.state === "done") return null;
  const { problem } = run;
  const error = problem
    ? new Problem(problem.code, problem.status, problem.detail ?? problem.title, problem.field ?? undefined)
    : null;
  return (
    <p className={run.state === "failed" ? "tone-alert" : "meta"} role="status" data-testid="run-ended">
      {error ? problemWords(t, error, SPECIAL) : t(`planning.run.${run.state}`)}
      {error?.detail ? ` ${error.detail}` : ""}
    </p>
  );
}

export function WhatIfTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [search, setSearch] = useSearchParams();
  const [frame, setFrame] = useState<Frame>({ date: null, days: 1, queues: [], replications: 20 });
  const [draft, setDraft] = useState(draftOf);
  const id = search.get("run");
  const run = useRun(id);
  const history = useHistory({ queue: null, date: frame.date, weeks: 1 });
  const changes = changesOf(draft);
  const show = (next: string) => {
    const changed = new URLSearchParams(search);
    changed.set("run", next);
    setSearch(changed, { replace: true });
  };
  const start = useMutation({
    mutationFn: () => {
      const { date, days, queues, replications } = frame;
      return planning.ask({ date, days, queues: queues.length > 0 ? queues : null, replications, seed: 1, changes });
    },
    onSuccess: (made) => {
      client.setQueryData(["planning", "run", made.id], made);
      show(made.id);
    },
  });
  const stop = useMutation({
    mutationFn: () => planning.stop(id ?? ""),
    onSettled: () => client.invalidateQueries({ queryKey: ["planning", "run", id] }),
  });
  const open = run.data?.state === "waiting" || run.data?.state === "running";
  // Forgotten by a restart, or long ago.
  const gone = run.error instanceof Problem && run.error.status === 404;
  return (
    <div className="stack" data-testid="what-if">
      <FrameFields frame={frame} shownDate={history.data?.date} onChange={setFrame} />
      {history.data && history.data.total.offered === 0 ? (
        <Empty icon="planning" title={t("planning.emptyTitle")} text={t("planning.emptyText")} />
      ) : (
        <>
          <WhatIfBuilder draft={draft} onChange={setDraft} />
          <div className="row">
            <Button
              type="primary"
              loading={start.isPending}
              disabled={open || isIncomplete(draft)}
              onClick={() => start.mutate()}
              data-testid="run-start"
            >
              {t("planning.start")}
            </Button>
            {isIncomplete(draft) ? (
              <span className="tone-alert">{t("planning.incomplete")}</span>
            ) : isUnchanged(changes) ? (
              <span className="meta">{t("planning.unchanged")}</span>
            ) : null}
            <span className="grow" />
            <a
              href={planning.scenarioUrl({
                date: frame.date ?? history.data?.date,
                days: frame.days,
                queues: frame.queues,
              })}
              download
              data-testid="scenario"
            >
              {t("planning.scenario")}
            </a>
          </div>
        </>
      )}
      {start.error ? (
        <p className="tone-alert" role="alert">
          {problemWords(t, start.error, SPECIAL)}
        </p>
      ) : null}
      {id && run.isPending ? <Loading lines={4} /> : null}
      {run.error ? (
        <p className={gone ? "meta" : "tone-alert"} role="alert">
          {gone ? t("planning.gone") : problemWords(t, run.error)}
        </p>
      ) : null}
      {run.data ? <RunState run={run.data} onStop={() => stop.mutate()} /> : null}
      {run.data?.result ? <WhatIfOutcome result={run.data.result} request={run.data.request} /> : null}
    </div>
  );
}
