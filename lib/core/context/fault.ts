import type { Reason } from "@/lib/core/decisions/schema";

/** Something that stands against context, and the place in the manifest that says so. */
export type ContextFault = { readonly rule: string; readonly reason: Reason };

export function fault(rule: string, code: string, { message, path }: Omit<Reason, "code">): ContextFault {
  return { rule, reason: { code, message, path } };
}

/** The failure class of `design.md` §2 that a fault of check 7 belongs to. */
export function failureClassOf(code: string): "context_blindness" | "memory_corruption" {
  return code.startsWith("memory_") ? "memory_corruption" : "context_blindness";
}
