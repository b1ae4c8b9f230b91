"use client";

import { useEffect, useRef, useState } from "react";

import type { CheckedManifest } from "@/lib/core/manifests/check";
import { type FormAction, IDLE } from "@/lib/core/shared/action-state";

/** What the server says about a text, and whether it is about the text as it stands now. */
export type ManifestCheck = {
  readonly checked: CheckedManifest | null;
  readonly pending: boolean;
  readonly failed: string | null;
};

type Answer = { readonly about: string; readonly checked: CheckedManifest | null; readonly failed: string | null };

const NOTHING: Answer = { about: "", checked: null, failed: null };
const UNREACHABLE = "The server could not be reached. Your text is kept.";
const PAUSE_MS = 400;

/** Asks the server about a manifest whenever the typing rests. An answer to an older text never replaces a newer one. */
export function useManifestCheck(agent: string, text: string, check: FormAction<CheckedManifest>): ManifestCheck {
  const [answer, setAnswer] = useState(NOTHING);
  const latest = useRef(0);
  const empty = text.trim() === "";
  const about = `${agent}\n${text}`;

  useEffect(() => {
    const turn = (latest.current += 1);
    if (empty) return;
    const timer = setTimeout(() => {
      const form = new FormData();
      form.set("agent", agent);
      form.set("manifest", text);
      const settle = (checked: CheckedManifest | null, failed: string | null) => {
        if (turn === latest.current) setAnswer({ about, checked, failed });
      };
      check(IDLE, form).then(
        (state) =>
          state.status === "done"
            ? settle(state.data ?? null, null)
            : settle(null, state.status === "refused" ? state.message : null),
        () => settle(null, UNREACHABLE),
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [agent, text, about, empty, check]);

  if (empty) return { checked: null, pending: false, failed: null };
  return { checked: answer.checked, failed: answer.failed, pending: answer.about !== about };
}
