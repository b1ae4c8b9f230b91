"use client";

import { PageFailure } from "@/components/layout/page-failure";

export default function ConsoleErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return <PageFailure digest={error.digest} retry={reset} />;
}
