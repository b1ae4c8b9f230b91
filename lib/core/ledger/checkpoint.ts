import { base64Of, bytesOfBase64 } from "@/lib/core/shared/base64";

import { bytesOf, type Hash, hexOf } from "./merkle";

/** What a checkpoint says: the log named `origin` had this root at this size, at that time by its own clock. */
export type Checkpoint = {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Hash;
  /** ISO 8601 in UTC; never earlier than in the checkpoint before. */
  readonly at: string;
};

const TIME = /^time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/;

/** The text that is signed: C2SP tlog-checkpoint with the time as its one extension line. */
export function checkpointText({ origin, size, root, at }: Checkpoint): string {
  return `${origin}\n${size}\n${base64Of(bytesOf(root))}\ntime ${at}\n`;
}

/** Reads that text; null when it is none. Other logs' extension lines are passed over. */
export function readCheckpoint(text: string): Checkpoint | null {
  if (!text.endsWith("\n")) return null;
  const [origin = "", size = "", root = "", ...extensions] = text.slice(0, -1).split("\n");
  const bytes = bytesOfBase64(root);
  if (origin === "" || !/^(0|[1-9]\d{0,18})$/.test(size) || bytes?.length !== 32 || extensions.includes(""))
    return null;
  const at = extensions.map((line) => TIME.exec(line)?.[1]).find((time) => time !== undefined);
  return { origin, size: BigInt(size), root: hexOf(bytes), at: at ?? "" };
}
