"use client";

import { useState } from "react";

import { Button } from "./button";

/** A block of code with a button that copies all of it. Long lines scroll inside the block. */
export function CopyBlock({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState("");
  const copy = () => {
    const copied = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard here"));
    copied.then(
      () => setSaid("Copied"),
      () => setSaid("Select the text and press Ctrl C"),
    );
  };
  return (
    <div className="grid min-w-0 gap-2 border border-hair bg-sunk p-3">
      <pre role="region" aria-label={label} tabIndex={0} className="overflow-x-auto text-xs leading-5">
        <code>{text}</code>
      </pre>
      <div className="flex items-center gap-2">
        <Button size="sm" onClick={copy} aria-label={`Copy ${label}`}>
          Copy
        </Button>
        <span role="status" className="text-xs text-muted">
          {said}
        </span>
      </div>
    </div>
  );
}
