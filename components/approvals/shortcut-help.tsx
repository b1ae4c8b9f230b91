"use client";

import { showHelp } from "@/components/layout/help";
import { KeyHint } from "@/components/layout/key-hint";
import { Button } from "@/components/ui/button";

/** Opens the one list of keys. */
export function ShortcutHelp() {
  return (
    <Button variant="quiet" aria-haspopup="dialog" onClick={() => showHelp(true)}>
      <KeyHint of="help" /> Keys
    </Button>
  );
}
