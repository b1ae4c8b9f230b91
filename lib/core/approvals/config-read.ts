import type { Json } from "@/lib/core/shared/json";

/** The settings of a file, or in words why they could not be read. */
export type ConfigRead = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly why: string };
