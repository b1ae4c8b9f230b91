"use client";

import { useRouter } from "next/navigation";

import { useCommands } from "@/components/layout/commands";
import { KeyHint } from "@/components/layout/key-hint";
import { useShortcutsEnabled } from "@/components/layout/use-preference";
import { Button } from "@/components/ui/button";
import type { Band } from "@/lib/core/decisions/schema";
import { counted } from "@/lib/core/approvals/part";
import { paths } from "@/lib/core/shared/paths";

import { say } from "./announcer";
import { useDesk } from "./desk-context";
import { beginMove } from "./move";
import { useDeskAction } from "./use-desk-action";
import { useKeys } from "./use-keys";

/** Takes the next batch; Enter and B do the same. */
export function TakeButton({ count, band }: { count: number; band?: Band | undefined }) {
  const { actions } = useDesk();
  const router = useRouter();
  const take = useDeskAction(actions.take, (taken) => {
    const [first] = taken?.approval_ids ?? [];
    if (first === undefined) return;
    say(`${counted(taken?.approval_ids.length ?? 0, "action")} taken. They are yours for ten minutes.`);
    beginMove();
    router.push(paths.desk({ item: first }));
  });
  const send = () => {
    if (!take.pending) take.send({ band: band ?? "" });
  };
  useCommands({ take: send });
  useKeys({ Enter: send }, useShortcutsEnabled());
  return (
    <>
      <Button variant="strong" aria-busy={take.pending} onClick={send}>
        {take.pending ? "Taking…" : count === 1 ? "Take it" : `Take next ${count}`} <KeyHint of="take" />
      </Button>
      {take.refusal !== null && <span role="alert">{take.refusal}</span>}
    </>
  );
}
