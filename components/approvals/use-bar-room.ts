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
    // No custom property: what everything inherits has the whole page styled again.
    const observer = new ResizeObserver(() => style.setProperty("scroll-padding-bottom", `${bar.offsetHeight + 12}px`));
    observer.observe(bar);
    return () => {
      observer.disconnect();
      style.removeProperty("scroll-padding-bottom");
    };
  }, []);
}
