"use client";

import { Kbd } from "@/components/ui/kbd";
import { type CommandId, keyText } from "@/lib/core/workspaces/shortcuts";

import { useKeyOf } from "./commands";

/** The key a command has in this browser, to stand in its button; nothing while it has none. */
export function KeyHint({ of }: { of: CommandId }) {
  const key = useKeyOf(of);
  return key === null ? null : <Kbd>{keyText(key)}</Kbd>;
}
