"use client";

import { PageFailure } from "@/components/layout/page-failure";

import "./globals.css";

export default function GlobalErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en" data-theme="system">
      <body>
        <main className="px-4">
          <PageFailure digest={error.digest} retry={reset} />
        </main>
      </body>
    </html>
  );
}
