/** A workspace and what it runs on. */
export type WorkspaceFacts = {
  readonly name: string;
  readonly demo: boolean;
  readonly createdAt: Date;
  readonly version: string;
  readonly node: string;
  readonly postgres: string;
};
