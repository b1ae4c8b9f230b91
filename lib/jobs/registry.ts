import { expireApprovalsJob } from "./approvals/expire-approvals";
import { ensurePartitionsJob } from "./decisions/ensure-partitions";
import { pruneRecordsJob } from "./decisions/prune-records";
import type { Job } from "./define";
import { anchorLedgerJob } from "./ledger/anchor-ledger";
import { sequenceLedgerJob } from "./ledger/sequence-ledger";

/** Every job there is. One that is not listed here does not run. */
export const jobs: readonly Job[] = [
  expireApprovalsJob,
  ensurePartitionsJob,
  pruneRecordsJob,
  sequenceLedgerJob,
  anchorLedgerJob,
];
