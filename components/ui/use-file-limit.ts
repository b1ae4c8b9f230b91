"use client";

import { useState } from "react";

import { tooLargeText } from "@/lib/core/shared/file-size";

/**
 * Keeps a form from sending a file that would be refused before its page hears of it, and says so beside the field.
 *
 * `check` takes the control a file was chosen in, and what is sent of the file where that is more than the file.
 */
export function useFileLimit(most: number) {
  const [fault, setFault] = useState("");
  const check = (control: HTMLInputElement, size = control.files?.[0]?.size ?? 0): boolean => {
    const found = tooLargeText(size, most);
    control.setCustomValidity(found);
    setFault(found);
    return found === "";
  };
  return { fault, check } as const;
}
