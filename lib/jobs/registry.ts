import { findAdviceJob } from "./advice/find-advice";
import { demoteAgentsJob } from "./agents/demote-agents";
import { evaluateAlertsJob } from "./alerts/evaluate-alerts";
import { announceApprovalsJob } from "./approvals/announce-approvals";
import { escalateApprovalsJob } from "./approvals/escalate-approvals";
import { expireApprovalsJob } from "./approvals/expire-approvals";
import { watchBudgetsJob } from "./budgets/watch-budgets";
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
import { sendWeeklyReviewsJob } from "./objectives/send-weekly-reviews";
import { runRepricingJob } from "./prices/run-repricing";
import { endRunsJob } from "./runs/end-runs";
import { lapseRecoveryJob } from "./stops/lapse-recovery";
import { joinCallsJob } from "./traces/join-calls";
import { pruneEventsJob } from "./traces/prune-events";
import { writeEventsJob } from "./traces/write-events";

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
  evaluateAlertsJob,
  endRunsJob,
  sequenceLedgerJob,
  anchorLedgerJob,
  fenceLedgersJob,
  sweepExecutionsJob,
  lapseRecoveryJob,
  deliverNotificationsJob,
  raiseUnseenJob,
  writeEventsJob,
  joinCallsJob,
  runRepricingJob,
  pruneEventsJob,
  watchBudgetsJob,
  findAdviceJob,
  sendWeeklyReviewsJob,
];
