"use client";

import { useState } from "react";

import type { FormAction } from "@/lib/core/shared/action-state";

import { useFormAction } from "./use-form-action";

/** A form in a dialog: what `useFormAction` gives, and whether the dialog is open. It closes when the action is done. */
export function useDialogAction<Result>(action: FormAction<Result>) {
  const [isOpen, setOpen] = useState(false);
  const sent = useFormAction<Result>(async (previous, data) => {
    const answer = await action(previous, data);
    if (answer.status === "done") setOpen(false);
    return answer;
  });
  return { ...sent, isOpen, open: () => setOpen(true), close: () => setOpen(false) } as const;
}
