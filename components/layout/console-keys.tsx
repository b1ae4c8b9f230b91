"use client";

import { useRouter } from "next/navigation";

import { paths } from "@/lib/core/shared/paths";

import { useCommands } from "./commands";
import { showHelp } from "./help";
import { KeyHelp } from "./key-help";
import { Palette } from "./palette";
import type { LoadPlaces } from "./palette-choices";
import { beginSearch } from "./search-field";

/** The keys that act on every page, the help that lists them all, and the palette. */
export function ConsoleKeys({ load }: { load: LoadPlaces }) {
  const router = useRouter();
  useCommands({
    desk: () => router.push(paths.desk()),
    manifests: () => router.push(paths.agents()),
    spend: () => router.push(paths.spend()),
    signals: () => router.push(paths.signals()),
    quality: () => router.push(paths.reviewers()),
    search: () => {
      if (!beginSearch()) router.push(paths.desk({ state: "history" }));
    },
    help: () => showHelp(true),
  });
  return (
    <>
      <KeyHelp />
      <Palette load={load} />
    </>
  );
}
