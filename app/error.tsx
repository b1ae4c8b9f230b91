"use client";

import { PageFailure } from "@/components/layout/page-failure";

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="px-4">
      <PageFailure digest={error.digest} retry={reset} />
    </main>
  );
}
