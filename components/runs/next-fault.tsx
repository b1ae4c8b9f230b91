"use client";

import { useRouter } from "next/navigation";

import { useCommands } from "@/components/layout/commands";
import { KeyHint } from "@/components/layout/key-hint";
import { Button } from "@/components/ui/button";

/** Goes to the next row with a fault, on this page or, after its last, on the page that has it. */
export function NextFault({ further }: { further: string | null }) {
  const router = useRouter();
  const go = () => {
    const rows = [...document.querySelectorAll<HTMLElement>("li[data-fault]")];
    const at = rows.findIndex(({ id }) => `#${id}` === window.location.hash);
    const next = rows[at + 1];
    if (next === undefined && further !== null) return router.push(further);
    const target = next ?? rows[0];
    if (target === undefined) return;
    window.location.hash = target.id;
    target.focus({ preventScroll: true });
  };
  useCommands({ "next-change": go });
  return (
    <Button size="sm" onClick={go}>
      <KeyHint of="next-change" />
      Next fault
    </Button>
  );
}
