"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";

import { useCommands } from "@/components/layout/commands";
import { KeyHint } from "@/components/layout/key-hint";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/core/shared/paths";
import { SECOND_MS } from "@/lib/core/shared/time";

import { say } from "./announcer";
import { takeBack, useUndoable } from "./undo-store";

/** `Approved. Undo (u) 5 s`: stays while the desk goes on to the next action, and says what became of it. */
export function UndoNotice() {
  const router = useRouter();
  const undoable = useUndoable();
  const take = () => {
    void takeBack().then((message) => {
      if (message === null) return;
      say(message);
      router.refresh();
    });
  };
  useCommands(undoable?.state === "offered" ? { undo: take } : {});

  if (undoable === null) return null;
  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-36 z-20 flex justify-center px-4 xl:bottom-20">
      <div className="pointer-events-auto flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border border-edge bg-surface px-3 py-2 shadow-float">
        {undoable.state === "over" ? (
          <>
            <span>{undoable.message}</span>
            <Link href={paths.approval(undoable.approvalId)} className="link">
              Open it
            </Link>
          </>
        ) : (
          <>
            <span>{undoable.state === "sending" ? "Taking it back…" : "Approved."}</span>
            <Button size="sm" onClick={take} aria-busy={undoable.state === "sending"}>
              Undo <KeyHint of="undo" />
            </Button>
            <SecondsLeft untilMs={undoable.untilMs} />
          </>
        )}
      </div>
    </div>
  );
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
