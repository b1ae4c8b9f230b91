"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";

/** Copies a run as text for a tracker. */
export function CopyIssueButton({ text }: { text: string }) {
  const [said, setSaid] = useState("");
  const copy = () => {
    const copied = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard here"));
    copied.then(
      () => setSaid("Copied as Markdown"),
      () => setSaid("The browser did not allow copying"),
    );
  };
  return (
    <>
      <span role="status" className="self-center text-xs text-muted">
        {said}
      </span>
      <Button onClick={copy}>Copy as issue</Button>
    </>
  );
}
