"use client";

import { useRouter } from "next/navigation";

import { Button } from "@/components/ui/button";
import { paths } from "@/lib/core/shared/paths";

import { say } from "./announcer";
import { useDesk } from "./desk-context";
import { useDeskAction } from "./use-desk-action";

/** Ends a batch of which nothing is left to decide. */
export function EndButton() {
  const { actions } = useDesk();
  const router = useRouter();
  const end = useDeskAction(actions.end, () => {
    say("Done.");
    router.push(paths.desk());
    router.refresh();
  });
  return (
    <>
      <Button aria-busy={end.pending} onClick={() => end.send()}>
        Done
      </Button>
      {end.refusal !== null && <span role="alert">{end.refusal}</span>}
    </>
  );
}
