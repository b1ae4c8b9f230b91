/** A personal token as its owner sees it afterwards: never the secret. */
export type Token = {
  readonly id: string;
  readonly name: string;
  /** Its last characters, to tell one from another. */
  readonly hint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};
