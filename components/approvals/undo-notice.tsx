"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { startTransition, useActionState, useEffect, useRef, useState } from "react";

import { useShortcutsEnabled } from "@/components/layout/use-preference";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { type ActionState, type FormAction, IDLE } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";
import { SECOND_MS } from "@/lib/core/shared/time";

import { say } from "./announcer";
import { type Undoable, useUndoable, withdrawUndo } from "./undo-store";
import { useKeys } from "./use-keys";

const FADE_MS = 6 * SECOND_MS;

type Undone = { readonly approvalId: string; readonly message: string };

/** `Approved. Undo (u) 5 s`: stays while the desk goes on to the next action, and says what became of it. */
export function UndoNotice({ undo }: { undo: FormAction<{ readonly state: string }> }) {
  const router = useRouter();
  const offered = useUndoable();
  const [state, dispatch, pending] = useActionState<ActionState<{ readonly state: string }>, FormData>(undo, IDLE);
  const [done, setDone] = useState<Undone | null>(null);
  const sent = useRef<Undoable | null>(null);
  const seen = useRef<typeof state>(IDLE);

  useEffect(() => {
    if (state === seen.current) return;
    seen.current = state;
    const message = state.status === "refused" ? state.message : outcomeText(state);
    const approvalId = sent.current?.approvalId ?? "";
    if (sent.current !== null) withdrawUndo(sent.current);
    setDone({ approvalId, message });
    say(message);
    router.refresh();
    const timer = setTimeout(() => setDone(null), FADE_MS);
    return () => clearTimeout(timer);
  }, [state, router]);

  const take = () => {
    if (offered === null || pending) return;
    sent.current = offered;
    const form = new FormData();
    form.set("approval_id", offered.approvalId);
    startTransition(() => dispatch(form));
  };
  useKeys({ u: take }, useShortcutsEnabled() && offered !== null);

  if (offered === null && done === null) return null;
  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-36 z-20 flex justify-center px-4 xl:bottom-20">
      <div className="pointer-events-auto flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border border-edge bg-surface px-3 py-2 shadow-lg">
        {offered !== null ? (
          <>
            <span>{pending ? "Taking it back…" : "Approved."}</span>
            <Button size="sm" onClick={take} aria-busy={pending}>
              Undo <Kbd>U</Kbd>
            </Button>
            <SecondsLeft untilMs={offered.untilMs} />
          </>
        ) : (
          done !== null && (
            <>
              <span>{done.message}</span>
              <Link href={paths.approval(done.approvalId)} className="link">
                Open it
              </Link>
            </>
          )
        )}
      </div>
    </div>
  );
}

function outcomeText(state: ActionState<{ readonly state: string }>): string {
  if (state.status !== "done") return "";
  return state.data?.state === "superseded"
    ? "Taken back. The agent has asked for the same again, and that request waits."
    : "Taken back. It waits again.";
}

function SecondsLeft({ untilMs }: { untilMs: number }) {
  const [left, setLeft] = useState(() => secondsUntil(untilMs));
  useEffect(() => {
    const timer = setInterval(() => setLeft(secondsUntil(untilMs)), SECOND_MS / 4);
    return () => clearInterval(timer);
  }, [untilMs]);
  return <span className="font-mono text-muted">{left} s</span>;
}

const secondsUntil = (untilMs: number) => Math.max(0, Math.ceil((untilMs - Date.now()) / SECOND_MS));
