"use client";

import { useCallback, useEffect, useId, useRef, useState } from "react";

import { Button } from "@/components/ui/button";
import { TextInput } from "@/components/ui/text-input";
import type { PartWindow } from "@/lib/core/approvals/window";

import { LongTable } from "./long-table";
import { registerEnd } from "./part-end";
import { useReview } from "./review-context";
import { useWindows } from "./use-windows";

type LongPartProps = { approvalId: string; partId: string; title: string; first: PartWindow };

/** A part that is too long to be taken in at once: drawn and fetched as it is scrolled, searched where it is stored. */
export function LongPart({ approvalId, partId, title, first }: LongPartProps) {
  const [find, setFind] = useState("");
  const { lines, failed, need } = useWindows({ approvalId, partId }, first, find.trim());
  const [range, setRange] = useState<{ from: number; to: number } | null>(null);
  const { gate, viewed, markViewed } = useReview();
  const forward = useRef(() => undefined as void);
  const box = useId();
  const seen = viewed.includes(partId);
  const asked = gate.parts.some((part) => part.id === partId);
  const total = first.total;
  const atEnd = find === "" && range !== null && range.to >= total - 1 && lines?.known.has(total - 1) === true;

  const onRange = useCallback((from: number, to: number) => {
    setRange((before) => (before?.from === from && before.to === to ? before : { from, to }));
  }, []);
  const here = () => range !== null && need(range.from, range.to);
  useEffect(() => {
    // What could not be loaded is asked for again by hand, or a server that is away would be asked without end.
    if (!failed) here();
  });
  useEffect(() => {
    if (atEnd && asked && !seen) markViewed(partId);
  }, [atEnd, asked, seen, markViewed, partId]);
  useEffect(
    () => registerEnd(partId, { reached: () => atEnd || seen, forward: () => forward.current() }),
    [partId, atEnd, seen],
  );

  return (
    <div className="grid min-w-0 gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <label htmlFor={box} className="text-xs text-muted">
          Find in this part
        </label>
        <span className="w-56 max-w-full">
          <TextInput id={box} value={find} maxLength={200} onChange={(event) => setFind(event.target.value)} />
        </span>
        {find === "" && range !== null && (
          <p className="text-xs text-muted">
            {(range.from + 1).toLocaleString("en-US")}–{Math.min(total, range.to + 1).toLocaleString("en-US")} of{" "}
            {total.toLocaleString("en-US")} on screen{asked && !seen && "; scroll to the end to have viewed it"}
          </p>
        )}
        <p role="status" className="text-xs text-muted">
          {find !== "" &&
            (lines === null
              ? "Looking…"
              : `${lines.total.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} lines found`)}
        </p>
        {failed && (
          <span role="alert" className="flex items-center gap-2 text-xs font-medium text-ask">
            Some lines could not be loaded.
            <Button size="sm" onClick={() => void here()}>
              Try again
            </Button>
          </span>
        )}
      </div>
      {lines !== null && (
        <LongTable
          key={lines.find}
          label={title}
          body={first.body}
          flagged={first.flagged}
          lines={lines}
          onRange={onRange}
          forward={forward}
        />
      )}
    </div>
  );
}
