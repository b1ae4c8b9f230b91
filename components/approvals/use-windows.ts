"use client";

import { useCallback, useEffect, useRef, useState } from "react";

import { listOf, type PartBody } from "@/lib/core/approvals/part";
import { type PartWindow, WINDOW_LINES } from "@/lib/core/approvals/window";
import { paths } from "@/lib/core/shared/paths";

/** Lines of a part that are here; those that are not yet are missing from the map. */
export type Lines = { readonly find: string; readonly total: number; readonly known: ReadonlyMap<number, unknown> };

type Part = { readonly approvalId: string; readonly partId: string };
type Loaded = { readonly all: Lines; readonly found: Lines | null; readonly failed: boolean };

const FIND_AFTER_MS = 200;

/** Holds the lines of one long part, fetching what is looked at and not here yet. `find` narrows them. */
export function useWindows({ approvalId, partId }: Part, first: PartWindow, find: string) {
  const [state, setState] = useState<Loaded>(() => ({
    all: added({ find: "", total: first.total, known: new Map() }, first.from, first.body),
    found: null,
    failed: false,
  }));
  const underway = useRef(new Set<string>());
  const left = useRef(false);
  const lines = find === "" ? state.all : state.found?.find === find ? state.found : null;

  const fetchWindow = useCallback(
    async (from: number, sought: string) => {
      const address = paths.approvalPart(approvalId, partId, { from, find: sought });
      if (underway.current.has(address)) return;
      underway.current.add(address);
      const answer = await load(address);
      underway.current.delete(address);
      if (left.current) return;
      setState((before) => {
        if (answer === null) return { ...before, failed: true };
        if (sought === "") return { ...before, failed: false, all: added(before.all, from, answer.body) };
        const known =
          before.found?.find === sought ? before.found : { find: sought, total: answer.total, known: new Map() };
        return { ...before, failed: false, found: added(known, from, answer.body) };
      });
    },
    [approvalId, partId],
  );

  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
    };
  }, []);

  useEffect(() => {
    if (find === "") return;
    const timer = setTimeout(() => void fetchWindow(0, find), FIND_AFTER_MS);
    return () => clearTimeout(timer);
  }, [find, fetchWindow]);

  /** Fetches what is missing between two lines. */
  const need = (from: number, to: number) => {
    if (lines === null) return;
    for (let at = from; at <= to; at += 1) {
      if (lines.known.has(at) || at >= lines.total) continue;
      const start = Math.floor(at / WINDOW_LINES) * WINDOW_LINES;
      void fetchWindow(start, lines.find);
      at = start + WINDOW_LINES - 1;
    }
  };
  return { lines, failed: state.failed, need };
}

function added(lines: Lines, from: number, body: PartBody): Lines {
  const known = new Map(lines.known);
  for (const [index, line] of listOf(body).entries()) known.set(from + index, line);
  return { ...lines, known };
}

async function load(address: string): Promise<PartWindow | null> {
  try {
    const response = await fetch(address, { cache: "no-store" });
    return response.ok ? ((await response.json()) as PartWindow) : null; // our own answer, made of this very type
  } catch {
    return null; // the server is away: the page says so and asks again when asked to
  }
}
