import { type ReactNode, Suspense } from "react";

import { PanelBoundary } from "./panel-boundary";

type PanelProps = {
  title: string;
  /** What it shows, as a sentence begins with it: `The waste` could not be read. */
  what: string;
  /** Its shape in its final size, while it is read. */
  skeleton: ReactNode;
  children: ReactNode;
};

/** A part of a page that is read and fails on its own: the rest of the page waits for it in neither case. */
export function Panel({ title, what, skeleton, children }: PanelProps) {
  return (
    <PanelBoundary title={title} what={what}>
      <Suspense fallback={skeleton}>{children}</Suspense>
    </PanelBoundary>
  );
}
