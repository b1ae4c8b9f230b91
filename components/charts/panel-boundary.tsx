"use client";

import { catchError, type ErrorInfo } from "next/error";

import { Button } from "@/components/ui/button";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";

/** Stands in the place of a panel that could not be read. The digest finds the error in the server's log. */
function PanelFailure({ title, what }: { title: string; what: string }, { error, retry }: ErrorInfo) {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : null;
  return (
    <Section title={title}>
      <div role="alert" className="grid justify-items-start gap-2 border-y border-hair bg-surface px-3 py-4">
        <p className="font-semibold">{what} could not be read</p>
        <p className="text-muted">
          What the rest of the page shows is right.
          {digest !== null && (
            <>
              {" "}
              Reference for the server’s log: <Mono>{digest}</Mono>
            </>
          )}
        </p>
        <Button onClick={retry}>Try again</Button>
      </div>
    </Section>
  );
}

/** Catches what a panel throws, so that the rest of the page stays. */
export const PanelBoundary = catchError(PanelFailure);
