"use client";

import { type RefCallback, useCallback } from "react";

/**
 * Leaves room at the bottom of the window for a bar that lies over it, as high as the bar is now: what Tab leads to is
 * scrolled to above it.
 */
export function useBarRoom(): RefCallback<HTMLElement> {
  return useCallback((bar: HTMLElement | null) => {
    if (bar === null) return;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => style.setProperty("--bar-room", `${bar.offsetHeight + 12}px`));
    observer.observe(bar);
    return () => {
      observer.disconnect();
      style.removeProperty("--bar-room");
    };
  }, []);
}
