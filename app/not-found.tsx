import type { Metadata } from "next";

import { NothingHere } from "@/components/layout/nothing-here";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="px-4">
      <NothingHere />
    </main>
  );
}
