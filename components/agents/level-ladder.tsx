"use client";

import { useActionState, useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { LEVEL_MEANINGS } from "@/lib/core/agents/level-words";
import type { Level } from "@/lib/core/agents/schema";
import { LEVEL_NAMES } from "@/lib/core/agents/level-words";
import type { WaitingProposal } from "@/lib/core/people/proposal";
import { type ActionState, type FormAction, IDLE } from "@/lib/core/shared/action-state";

type LevelLadderProps = {
  agent: string;
  level: Level;
  setLevel: FormAction;
  /** A higher level that waits for a second person. */
  proposed: WaitingProposal | null;
  /** Why this person cannot lower or raise it; absent when they can. */
  lowerReason?: string;
  raiseReason?: string;
};

const LEVELS: readonly Level[] = [4, 3, 2, 1];

/** The four levels, the agent's marked. Down is one click; up asks why, and holds once a second person has asked for it. */
export function LevelLadder({ agent, level, setLevel, proposed, lowerReason, raiseReason }: LevelLadderProps) {
  const [raiseTo, setRaiseTo] = useState<Level | null>(null);
  const change = async (previous: ActionState, form: FormData) => {
    const answer = await setLevel(previous, form);
    if (answer.status === "done") setRaiseTo(null);
    return answer;
  };
  const [state, submit, pending] = useActionState(change, IDLE);
  const whyNotRaise = (step: Level) =>
    raiseReason ?? (proposed?.content["level"] === step ? (proposed.not_second ?? undefined) : undefined);
  return (
    <div className="grid gap-2">
      <ol
        aria-label="Levels of autonomy, highest first"
        className="divide-y divide-hair border-y border-hair bg-surface"
      >
        {LEVELS.map((step) => (
          <li
            key={step}
            {...(step === level && { "aria-current": "step" as const })}
            className="grid gap-x-3 gap-y-1 px-3 py-2 aria-[current]:bg-sunk sm:grid-cols-[minmax(16rem,1fr)_auto]"
          >
            <div className="grid gap-0.5">
              <p className={step === level ? "font-semibold" : ""}>
                {step} · {LEVEL_NAMES[step]}
                {step === level && <span className="ml-2 font-normal text-muted">now</span>}
                {proposed?.content["level"] === step && (
                  <span className="ml-2 font-normal text-muted">waits for a second person</span>
                )}
              </p>
              <p className="text-xs text-muted">{LEVEL_MEANINGS[step]}</p>
            </div>
            {step < level && (
              <form action={submit}>
                <input type="hidden" name="agent" value={agent} />
                <input type="hidden" name="level" value={step} />
                <Button
                  type="submit"
                  size="sm"
                  aria-label={`Lower to level ${step}`}
                  aria-busy={pending}
                  {...(lowerReason && { disabledReason: lowerReason })}
                >
                  Lower
                </Button>
              </form>
            )}
            {step > level && (
              <div>
                <Button
                  size="sm"
                  aria-haspopup="dialog"
                  aria-label={`Raise to level ${step}…`}
                  onClick={() => setRaiseTo(step)}
                  {...disabledBy(whyNotRaise(step))}
                >
                  Raise…
                </Button>
              </div>
            )}
          </li>
        ))}
      </ol>
      {state.status === "refused" && raiseTo === null && <Alert tone="error">{state.message}</Alert>}
      {raiseTo !== null && (
        <RaiseDialog
          agent={agent}
          to={raiseTo}
          state={state}
          submit={submit}
          pending={pending}
          onClose={() => setRaiseTo(null)}
        />
      )}
    </div>
  );
}

const disabledBy = (reason: string | undefined) => (reason === undefined ? {} : { disabledReason: reason });

type RaiseDialogProps = {
  agent: string;
  to: Level;
  state: ActionState;
  submit: (form: FormData) => void;
  pending: boolean;
  onClose: () => void;
};

function RaiseDialog({ agent, to, state, submit, pending, onClose }: RaiseDialogProps) {
  return (
    <Dialog open onClose={onClose} title={`Raise ${agent} to level ${to}`}>
      <form action={submit} className="grid gap-4">
        <p>{LEVEL_MEANINGS[to]}</p>
        <p className="text-muted">It holds once two independent people have asked for it.</p>
        <input type="hidden" name="agent" value={agent} />
        <input type="hidden" name="level" value={to} />
        {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
        <Field
          label="What has it shown to earn this?"
          hint="Goes into the ledger with your name."
          htmlFor="raise-reason"
        >
          <TextInput id="raise-reason" name="reason" required maxLength={1_000} autoComplete="off" autoFocus />
        </Field>
        <div className="flex justify-end gap-2">
          <Button type="button" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" aria-busy={pending}>
            Raise to level {to}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
