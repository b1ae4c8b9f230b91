"use client";

import { useEffect, useState } from "react";

import { visibleString } from "@/lib/core/shared/visible-text";

import { VisibleText } from "./visible-text";

type CopyTextProps = {
  value: string;
  /** What is copied: "decision id". */
  label: string;
  /** What is shown instead of the whole value. */
  short?: string | undefined;
};

const SAID_FOR_MS = 2_000;

/** A value from a machine with a button that copies the whole of it. */
export function CopyText({ value, label, short }: CopyTextProps) {
  const [said, setSaid] = useState<"" | "Copied" | "Press Ctrl C">("");

  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => setSaid(""), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [said]);

  const copy = () => {
    const copied = navigator.clipboard?.writeText(value) ?? Promise.reject(new Error("no clipboard here"));
    copied.then(
      () => setSaid("Copied"),
      () => setSaid("Press Ctrl C"),
    );
  };

  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <span
        className="min-w-0 font-mono text-[0.96em] break-all select-all"
        title={short === undefined ? undefined : visibleString(value)}
      >
        <VisibleText text={short ?? value} />
      </span>
      <button
        type="button"
        onClick={copy}
        aria-label={`Copy ${label}`}
        title={`Copy ${label}`}
        className="inline-grid size-6 shrink-0 place-items-center rounded-sm text-muted hover:bg-sunk hover:text-text pointer-coarse:size-11"
      >
        <svg
          viewBox="0 0 16 16"
          aria-hidden="true"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          className="size-3.5"
        >
          {said === "Copied" ? <path d="m3 8.5 3.2 3.2L13 5" /> : <path d="M5.5 5.5v-3h8v8h-3m-8-5h8v8h-8Z" />}
        </svg>
      </button>
      <span role="status" className={said === "Press Ctrl C" ? "text-xs text-muted" : "sr-only"}>
        {said}
      </span>
    </span>
  );
}
