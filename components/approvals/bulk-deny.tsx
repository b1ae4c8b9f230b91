"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { VisibleText } from "@/components/ui/visible-text";
import { MOST_DENIED_TOGETHER } from "@/lib/core/approvals/grouped";
import { counted } from "@/lib/core/approvals/part";
import { DENY_REASONS } from "@/lib/core/approvals/refusal-words";

import { say } from "./announcer";
import { type Denied, unselect, useDesk } from "./desk-context";
import { useDeskAction } from "./use-desk-action";

/** One reason for several denials. Names every one of them first; what is not named is not touched. */
export function BulkDeny({ ids, close }: { ids: readonly string[] | null; close: () => void }) {
  const { names } = useDesk();
  const open = ids !== null && ids.length > 0;
  const title = `Deny ${counted(ids?.length ?? 0, "action")} with one reason`;
  return (
    <Dialog open={open} onClose={close} title={title}>
      {open && <DenyForm ids={ids} names={names} close={close} />}
    </Dialog>
  );
}

type DenyFormProps = { ids: readonly string[]; names: ReadonlyMap<string, string>; close: () => void };

function DenyForm({ ids, names, close }: DenyFormProps) {
  const { actions, currentId, onwardHref } = useDesk();
  const router = useRouter();
  const [words, setWords] = useState("");
  const [failed, setFailed] = useState<Denied["results"]>([]);
  const tooMany = ids.length > MOST_DENIED_TOGETHER;
  const deny = useDeskAction(actions.denyTogether, (answer) => {
    if (!answer) return;
    const gone = answer.results.filter((one) => one.ok).map((one) => one.approval_id);
    unselect(gone);
    say(`${counted(answer.denied, "action")} denied.`);
    setFailed(answer.results.filter((one) => !one.ok));
    if (answer.denied < ids.length) router.refresh();
    else {
      close();
      if (currentId !== null && gone.includes(currentId)) router.push(onwardHref);
      else router.refresh();
    }
  });
  const send = (note: string) => {
    if (!deny.pending && !tooMany) deny.send({ approval_ids: ids, note });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(words.trim());
  };

  return (
    <form onSubmit={submit} className="grid gap-4">
      {tooMany && <Alert tone="warn">At most {MOST_DENIED_TOGETHER} actions are denied together. Select fewer.</Alert>}
      {deny.refusal !== null && (
        <Alert tone="error" title="Not recorded">
          {deny.refusal}
        </Alert>
      )}
      {failed.length > 0 && (
        <Alert tone="warn" title={`${counted(failed.length, "action")} could not be denied`}>
          <ul>
            {failed.map((one) => (
              <li key={one.approval_id}>
                <VisibleText text={names.get(one.approval_id) ?? one.approval_id} />: {!one.ok && one.message}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      <ul
        aria-label="Actions to deny"
        className="grid max-h-48 divide-y divide-hair overflow-y-auto border-y border-hair"
      >
        {ids.map((id) => (
          <li key={id} className="px-1 py-1 break-words">
            <VisibleText text={names.get(id) ?? id} />
          </li>
        ))}
      </ul>
      <ol aria-label="Reasons" className="grid gap-1 sm:grid-cols-2">
        {DENY_REASONS.map((reason) => (
          <li key={reason} className="grid">
            <Button className="!justify-start !whitespace-normal text-left" onClick={() => send(reason)}>
              {reason}
            </Button>
          </li>
        ))}
      </ol>
      <Field label="Or in your own words">
        <TextInput maxLength={500} value={words} onChange={(event) => setWords(event.target.value)} />
      </Field>
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="quiet" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" variant="strong" aria-busy={deny.pending}>
          {deny.pending ? "Recording…" : `Deny all ${ids.length}${words.trim() === "" ? " without a reason" : ""}`}
        </Button>
      </div>
    </form>
  );
}
