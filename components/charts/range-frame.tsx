"use client";

import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useMemo, useTransition } from "react";

import { LiveRegion } from "@/components/ui/live-region";
import { type RangeChange, withRange, zoomedOut } from "@/lib/core/charts/range-address";

export type RangeMoves = {
  /** Shows another range. The address changes, so that the browser's Back undoes it. */
  readonly go: (change: RangeChange) => void;
  readonly zoom: (from: string, to: string) => void;
  readonly zoomOut: () => void;
};

const NOWHERE: RangeMoves = { go: () => {}, zoom: () => {}, zoomOut: () => {} };
const Moves = createContext<RangeMoves>(NOWHERE);

/** How the charts of a page change the range that the whole page shows. */
export const useRangeMoves = (): RangeMoves => useContext(Moves);

type RangeFrameProps = {
  from: string;
  to: string;
  /** The range in words, told to a reader when it changes. */
  words: string;
  children: ReactNode;
};

/** The part of a page that shows one range. While another is read, what is there stays, dimmed. */
export function RangeFrame({ from, to, words, children }: RangeFrameProps) {
  const router = useRouter();
  const [isPending, begin] = useTransition();
  const moves = useMemo<RangeMoves>(() => {
    const go = (change: RangeChange) => {
      const { pathname, search } = window.location;
      begin(() => router.push(`${pathname}?${withRange(search, change)}`, { scroll: false }));
    };
    return {
      go,
      zoom: (start, end) => go({ from: start, to: end }),
      zoomOut: () => {
        const wide = zoomedOut({ from: Date.parse(from), to: Date.parse(to) }, Date.now());
        go({ from: new Date(wide.from).toISOString(), to: new Date(wide.to).toISOString() });
      },
    };
  }, [router, from, to]);
  return (
    <Moves value={moves}>
      <LiveRegion>{isPending ? "Reading the figures" : words}</LiveRegion>
      <div
        aria-busy={isPending}
        className={`grid grid-cols-[minmax(0,1fr)] content-start gap-7 transition-opacity ${isPending ? "opacity-60" : ""}`}
      >
        {children}
      </div>
    </Moves>
  );
}
