/** What the person looking at an agent may do with it. */
export type May = {
  readonly stop: boolean;
  readonly write: boolean;
  readonly restrain: boolean;
  readonly makeKeys: boolean;
};
