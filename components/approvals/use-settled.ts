"use client";

import { useEffect, useState } from "react";

/** Whether this component has been on the page for so long: what has only just come up must not be decided by accident. */
export function useSettled(ms: number): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return settled;
}
