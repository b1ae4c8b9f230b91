import { demoteAgentsJob } from "./agents/demote-agents";
import { announceApprovalsJob } from "./approvals/announce-approvals";
import { escalateApprovalsJob } from "./approvals/escalate-approvals";
import { expireApprovalsJob } from "./approvals/expire-approvals";
import { seedCalibrationJob } from "./calibration/seed-calibration";
import { ensurePartitionsJob } from "./decisions/ensure-partitions";
import { pruneRecordsJob } from "./decisions/prune-records";
import { rollUpUsageJob } from "./decisions/roll-up-usage";
import type { Job } from "./define";
import { sweepExecutionsJob } from "./executions/sweep-executions";
import { anchorLedgerJob } from "./ledger/anchor-ledger";
import { fenceLedgersJob } from "./ledger/fence-ledgers";
import { sequenceLedgerJob } from "./ledger/sequence-ledger";
import { deliverNotificationsJob } from "./notifications/deliver-notifications";
import { raiseUnseenJob } from "./notifications/raise-unseen";
import { lapseRecoveryJob } from "./stops/lapse-recovery";

/** Every job there is. One that is not listed here does not run. */
export const jobs: readonly Job[] = [
  expireApprovalsJob,
  seedCalibrationJob,
  announceApprovalsJob,
  escalateApprovalsJob,
  demoteAgentsJob,
  ensurePartitionsJob,
  pruneRecordsJob,
  rollUpUsageJob,
  sequenceLedgerJob,
  anchorLedgerJob,
  fenceLedgersJob,
  sweepExecutionsJob,
  lapseRecoveryJob,
  deliverNotificationsJob,
  raiseUnseenJob,
];
