"use client";

import { type ReactNode, useEffect } from "react";

import { Viewer, type ViewerFacts } from "@/components/ui/viewer";
import { ZONE_COOKIE } from "@/lib/core/workspaces/preferences";

import { keepCookie } from "./use-preference";

/** Gives times the zone and moment they were drawn in, and tells the server this browser's zone for the next page. */
export function ViewerZone({
  viewer,
  said,
  children,
}: {
  viewer: ViewerFacts;
  said: string | null;
  children: ReactNode;
}) {
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone !== said) keepCookie(ZONE_COOKIE, zone);
  }, [said]);
  return <Viewer value={viewer}>{children}</Viewer>;
}
