"use client";

import { Button } from "@/components/ui/button";
import { Mono } from "@/components/ui/mono";

/** Says that a page failed, without saying how: the digest finds the error in the server's log. */
export function PageFailure({ digest, retry }: { digest: string | undefined; retry: () => void }) {
  return (
    <div role="alert" className="grid max-w-xl gap-4 py-8">
      <title>Not shown · Interlock</title>
      <h1 className="text-xl">This page could not be shown</h1>
      <p className="text-muted">
        Something failed on our side. Decisions are not made here: agents are answered by another process, and are
        denied when it cannot decide.
      </p>
      {digest !== undefined && (
        <p>
          Reference for the server&apos;s log: <Mono>{digest}</Mono>
        </p>
      )}
      <div>
        <Button variant="primary" onClick={retry}>
          Try again
        </Button>
      </div>
    </div>
  );
}
