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

const PAUSE_MS = 400;

/** Asks the server about a manifest whenever the typing rests. An answer to an older text never replaces a newer one. */
export function useManifestCheck(agent: string, text: string, check: FormAction<CheckedManifest>): ManifestCheck {
  const [state, setState] = useState<ManifestCheck>({ checked: null, pending: false, failed: null });
  const latest = useRef(0);

  useEffect(() => {
    const turn = (latest.current += 1);
    if (text.trim() === "") {
      setState({ checked: null, pending: false, failed: null });
      return;
    }
    setState((before) => ({ ...before, pending: true }));
    const timer = setTimeout(() => {
      const form = new FormData();
      form.set("agent", agent);
      form.set("manifest", text);
      check(IDLE, form).then(
        (answer) => {
          if (turn !== latest.current) return;
          if (answer.status === "done") setState({ checked: answer.data ?? null, pending: false, failed: null });
          else setState({ checked: null, pending: false, failed: answer.status === "refused" ? answer.message : null });
        },
        () =>
          turn === latest.current &&
          setState({ checked: null, pending: false, failed: "The server could not be reached. Your text is kept." }),
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [agent, text, check]);

  return state;
}
