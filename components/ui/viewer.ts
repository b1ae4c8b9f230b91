"use client";

import { createContext } from "react";

import type { ReadIn } from "./time-text";

/** Who reads a page, as far as the server knew when it drew it. */
export type ViewerFacts = {
  /** In which zone times are read; null before the browser has said its own. */
  readonly readIn: ReadIn | null;
  /** When the page was drawn, in milliseconds since 1970. */
  readonly nowMs: number;
};

export const Viewer = createContext<ViewerFacts>({ readIn: null, nowMs: 0 });
