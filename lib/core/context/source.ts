/** What a context source must be. `declared` is false when the manifest does not say what it is. */
export type SourceRule = {
  readonly name: string;
  /** `context.sources[0]`, `/context/sources/0`; for an undeclared source the place that asks for it. */
  readonly rule: string;
  readonly path: string;
  readonly declared: boolean;
  readonly ttlMs: number | null;
  readonly scopeKeys: readonly string[];
  readonly mayRefetch: boolean;
  readonly maxChange: number | null;
};

/** A source with the one it must agree with, if any; that one's own cross-check does not follow. */
export type CompiledSource = SourceRule & {
  readonly crossCheck: { readonly source: SourceRule; readonly fields: readonly string[] } | null;
};
