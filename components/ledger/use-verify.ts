"use client";

import { useEffect, useRef, useState } from "react";

import type { AuditReport } from "@/lib/core/ledger/audit";
import { readVerifierKey } from "@/lib/core/ledger/verifier-key";
import { sha256 } from "@/lib/core/shared/sha256";

import { NotLoadedError, type VerifyProgress, verifyLog } from "./verify-log";
import { canVerify } from "./with-signatures";

/** How far verifying is, or what came of it. */
export type VerifyState =
  | { readonly kind: "idle" }
  | { readonly kind: "busy"; readonly progress: VerifyProgress | null }
  | { readonly kind: "failed"; readonly sentence: string }
  | { readonly kind: "done"; readonly report: AuditReport; readonly ms: number };

/** What is wrong with what the reader typed. */
export type VerifyFaults = { readonly key?: string; readonly entry?: string };

const CANNOT =
  "This browser cannot check Ed25519 signatures on this page: it is too old, or the page came without HTTPS. Nothing was verified; the verifier as one file needs neither.";

/** Verifies the log on request, one time after another; leaving the page ends it. */
export function useVerify() {
  const [state, setState] = useState<VerifyState>({ kind: "idle" });
  const [faults, setFaults] = useState<VerifyFaults>({});
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function verify(typed: { readonly key: string; readonly entry: string }): Promise<void> {
    const pinned = typed.key === "" ? null : readVerifierKey(sha256, typed.key);
    const wrong = {
      ...(typed.key !== "" && !pinned && { key: "This is no verifier key. One reads name+8 digits+key, on one line." }),
      ...(!/^\d{0,15}$/.test(typed.entry) && { entry: "An index is a whole number from 0." }),
    };
    setFaults(wrong);
    if (Object.keys(wrong).length > 0) return setState({ kind: "idle" });
    const { signal } = (running.current = new AbortController());
    const began = performance.now();
    setState({ kind: "busy", progress: null });
    try {
      if (!(await canVerify())) return setState({ kind: "failed", sentence: CANNOT });
      const chosen = typed.entry === "" ? null : Number(typed.entry);
      const onProgress = (progress: VerifyProgress) => setState({ kind: "busy", progress });
      const report = await verifyLog({ pinned, chosen, signal, onProgress });
      setState({ kind: "done", report, ms: performance.now() - began });
    } catch (error) {
      const sentence = error instanceof NotLoadedError ? error.message : "Something went wrong. Nothing was verified.";
      setState(signal.aborted ? { kind: "idle" } : { kind: "failed", sentence });
    }
  }

  return { state, faults, verify, cancel: () => running.current?.abort() };
}
