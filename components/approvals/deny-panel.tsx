"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";

import { useShortcutsEnabled } from "@/components/layout/use-preference";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { TextInput } from "@/components/ui/text-input";
import { DENY_REASONS } from "@/lib/core/approvals/refusal-words";
import { SECOND_MS } from "@/lib/core/shared/time";

import { useReview } from "./review-context";
import { keepWords } from "./unsent-words";
import { useEscape } from "./use-escape";
import { useKeys } from "./use-keys";

/** How long one has for a reason before a denial begun by its key is sent without one. */
const SENT_AFTER_SECONDS = 5;

/**
 * Why not: six reasons with a key each, words of one's own, or none.
 *
 * Opened by its key it sends itself after a moment, because no costs one key; typing or Escape stops that.
 */
export function DenyPanel({ byKey }: { byKey: boolean }) {
  const { approvalId, vote, openPanel } = useReview();
  useEscape(() => openPanel(null));
  const [words, setWords] = useState("");
  const [left, setLeft] = useState(byKey ? SENT_AFTER_SECONDS : null);
  const none = useRef<HTMLButtonElement>(null);
  const send = useRef(() => vote("deny", ""));
  useEffect(() => {
    send.current = () => vote("deny", words.trim());
  });

  useEffect(() => none.current?.focus(), []);
  useEffect(() => {
    if (left === null) return;
    if (left <= 0) {
      send.current();
      return;
    }
    const timer = setTimeout(() => setLeft((before) => (before === null ? null : before - 1)), SECOND_MS);
    return () => clearTimeout(timer);
  }, [left]);

  useKeys(
    Object.fromEntries(DENY_REASONS.map((reason, index) => [String(index + 1), () => vote("deny", reason)])),
    useShortcutsEnabled(),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    vote("deny", words.trim());
  };

  return (
    <form role="group" aria-label="Deny" onSubmit={submit} className="grid gap-2 border-b border-hair pb-3">
      {left === null ? (
        <p className="text-muted">Each of these denies at once, and the agent reads it as the reason.</p>
      ) : (
        <p>
          <b>
            Denies without a reason in <span aria-hidden="true">{left} s</span>
            <span className="sr-only">{SENT_AFTER_SECONDS} seconds</span>.
          </b>{" "}
          1–6 gives a reason, Esc keeps it waiting.
        </p>
      )}
      <ol aria-label="Reasons" className="grid gap-1 sm:grid-cols-2 lg:grid-cols-3">
        {DENY_REASONS.map((reason, index) => (
          <li key={reason} className="grid">
            <Button className="!justify-start !whitespace-normal text-left" onClick={() => vote("deny", reason)}>
              <Kbd>{index + 1}</Kbd> {reason}
            </Button>
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-48 flex-1">
          <TextInput
            aria-label="Reason in your own words, optional"
            placeholder="Or in your own words"
            maxLength={500}
            value={words}
            onFocus={() => setLeft(null)}
            onChange={(event) => {
              setWords(event.target.value);
              keepWords(approvalId, event.target.value);
            }}
          />
        </div>
        <Button ref={none} type="submit" variant="strong">
          {words.trim() === "" ? "Deny without a reason" : "Deny"} <Kbd>Enter</Kbd>
        </Button>
        <Button variant="quiet" onClick={() => openPanel(null)}>
          Cancel <Kbd>Esc</Kbd>
        </Button>
      </div>
    </form>
  );
}
