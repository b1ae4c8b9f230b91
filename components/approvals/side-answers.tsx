"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, startTransition, useActionState, useEffect, useId, useState } from "react";

import { useCommands } from "@/components/layout/commands";
import { KeyHint } from "@/components/layout/key-hint";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { IDLE } from "@/lib/core/shared/action-state";

import { say } from "./announcer";
import { useDesk } from "./desk-context";
import { beginMove } from "./move";
import { useDeskAction } from "./use-desk-action";
import { useSettled } from "./use-settled";

/** As for decisions: what has just come up is not put off by a double press. */
const DEAF_MS = 400;

/** The answers that decide nothing: not now, and somebody else. */
export function SideAnswers({ busy }: { busy: boolean }) {
  const { actions, currentId, onwardHref } = useDesk();
  const router = useRouter();
  const [handing, setHanding] = useState(false);
  const awake = useSettled(DEAF_MS) && !busy;
  const goOn = (sentence: string) => {
    say(sentence);
    beginMove();
    router.push(onwardHref);
    router.refresh();
  };
  const defer = useDeskAction(actions.defer, () => goOn("Not now. Its deadline stays."));
  const putOff = () => {
    if (awake && !defer.pending && currentId !== null) defer.send({ approval_id: currentId });
  };
  useCommands({
    "not-now": putOff,
    "hand-off": () => {
      if (awake) setHanding(true);
    },
  });
  if (currentId === null) return null;

  return (
    <>
      <Button onClick={putOff} aria-busy={defer.pending}>
        <KeyHint of="not-now" /> Not now
      </Button>
      <Button onClick={() => setHanding(true)} aria-haspopup="dialog">
        <KeyHint of="hand-off" /> Hand off
      </Button>
      {defer.refusal !== null && (
        <span role="alert" className="text-xs text-deny">
          {defer.refusal}
        </span>
      )}
      <Dialog open={handing} onClose={() => setHanding(false)} title="Hand this off">
        {handing && (
          <HandOff
            id={currentId}
            close={() => setHanding(false)}
            done={(sentence) => {
              setHanding(false);
              goOn(sentence);
            }}
          />
        )}
      </Dialog>
    </>
  );
}

const POOL = "";

function HandOff({ id, close, done }: { id: string; close: () => void; done: (sentence: string) => void }) {
  const { actions } = useDesk();
  const fieldId = useId();
  const [to, setTo] = useState(POOL);
  const [note, setNote] = useState("");
  const [people, load] = useActionState(actions.people, IDLE);
  const known = people.status === "done" ? (people.data ?? []) : [];
  const name = known.find((person) => person.id === to)?.name;
  const handOff = useDeskAction(actions.handOff, () =>
    done(name === undefined ? "Back in the pool." : `Handed to ${name}.`),
  );
  useEffect(() => {
    const form = new FormData();
    form.set("approval_id", id);
    startTransition(() => load(form));
  }, [id, load]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!handOff.pending) handOff.send({ approval_id: id, to, note: note.trim() });
  };
  const refusal = handOff.refusal ?? (people.status === "refused" ? people.message : null);

  return (
    <form onSubmit={submit} className="grid gap-4">
      {refusal !== null && <Alert tone="error">{refusal}</Alert>}
      <Field label="To" hint="Only people who may decide this action." htmlFor={fieldId}>
        <Select
          id={fieldId}
          value={to}
          onChange={(event) => setTo(event.target.value)}
          options={[
            { value: POOL, label: "Anybody: back to the pool" },
            ...known.map((person) => ({ value: person.id, label: person.name })),
          ]}
        />
      </Field>
      <Field label="Note, optional" hint="For the person, not for the agent.">
        <TextInput maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
      <p className="text-muted">The deadline stays, and nothing is decided.</p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="quiet" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" variant="strong" aria-busy={handOff.pending}>
          {handOff.pending ? "Recording…" : "Hand off"}
        </Button>
      </div>
    </form>
  );
}
