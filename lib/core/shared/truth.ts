/** Three-valued: what is not known is neither proof nor refutation. */
export type Truth = "true" | "false" | "unknown";

export const truth = (value: boolean): Truth => (value ? "true" : "false");

/** Whether all hold. */
export function weakest(values: readonly Truth[]): Truth {
  if (values.includes("false")) return "false";
  return values.includes("unknown") ? "unknown" : "true";
}

/** Whether any holds. */
export function strongest(values: readonly Truth[]): Truth {
  if (values.includes("true")) return "true";
  return values.includes("unknown") ? "unknown" : "false";
}

export function negate(value: Truth): Truth {
  if (value === "unknown") return "unknown";
  return value === "true" ? "false" : "true";
}
