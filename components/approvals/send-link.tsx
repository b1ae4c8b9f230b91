"use client";

import { useState, useSyncExternalStore } from "react";

import { Button } from "@/components/ui/button";
import { buttonClass } from "@/components/ui/button-class";

const never = () => () => undefined;

/** For an action that is too much for this screen: its address, to be opened on a larger one. */
export function SendLink() {
  // The address without anything of this visit; known in the browser only.
  const address = useSyncExternalStore(
    never,
    () => addressHere(window.location),
    () => "",
  );
  const [said, setSaid] = useState("");
  const copy = () => {
    const copied = navigator.clipboard?.writeText(address) ?? Promise.reject(new Error("no clipboard here"));
    copied.then(
      () => setSaid("Copied"),
      () => setSaid(address),
    );
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button size="sm" onClick={copy}>
        Copy the link
      </Button>
      <a href={`mailto:?${mailOf(address)}`} className={buttonClass("plain", "sm")}>
        Mail it to myself
      </a>
      <span role="status" className="text-xs [overflow-wrap:anywhere] text-muted">
        {said}
      </span>
    </div>
  );
}

function addressHere({ origin, pathname, search }: Location): string {
  const item = new URLSearchParams(search).get("item");
  return item === null ? `${origin}${pathname}` : `${origin}/approvals/${encodeURIComponent(item)}`;
}

const mailOf = (address: string) =>
  `subject=${encodeURIComponent("An action waits for a decision")}&body=${encodeURIComponent(address)}`;
