import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";

import { ViewerZone } from "@/components/layout/viewer-zone";
import { browserZone, chosenKeys, drawnAt, preferences } from "@/lib/web/preferences";

import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Interlock", template: "%s · Interlock" },
  description: "Governance console and enforcement plane for AI agents.",
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#15181b" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Every page is rendered at each request: its scripts carry the nonce of that request's policy.
  await headers();
  const { theme, density, zone, shortcuts } = await preferences();
  const [keys, said] = await Promise.all([chosenKeys(), browserZone()]);
  const readIn = zone === "utc" ? "utc" : said === null ? null : { zone: said };
  return (
    // A preference may be changed before React has taken over; what the person chose then stands.
    <html
      lang="en"
      data-theme={theme}
      data-density={density}
      data-zone={zone}
      data-shortcuts={shortcuts}
      data-keys={keys}
      suppressHydrationWarning
    >
      <body>
        <ViewerZone viewer={{ readIn, nowMs: drawnAt() }} said={said}>
          {children}
        </ViewerZone>
      </body>
    </html>
  );
}
