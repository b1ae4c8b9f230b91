import fc from "fast-check";

import { anyDecision, anyOutcome, anyRepeat, anyUse, anyWithdrawal } from "./agents";
import type { Command } from "./command";
import { anyLevel, anyManifest, anyResume, anyStatus, anyStop, anyTool, revoke } from "./operators";
import { anyExpiry, anyVote, letAsk, review } from "./people";

const weighed = (weight: number, arbitrary: fc.Arbitrary<Command>) => ({ weight, arbitrary });

/** Sequences of everything agents, reviewers, operators and time may do: what is done daily is done most. */
export const anyCommands = (length: number): fc.Arbitrary<readonly Command[]> =>
  fc.array(
    fc.oneof(
      weighed(16, anyDecision),
      weighed(8, fc.constant(review)),
      weighed(5, anyVote),
      weighed(10, anyUse),
      weighed(6, anyOutcome),
      weighed(4, anyRepeat),
      weighed(4, anyResume),
      weighed(3, anyStatus),
      weighed(2, anyStop),
      weighed(2, anyLevel),
      weighed(1, anyWithdrawal),
      weighed(1, anyExpiry),
      weighed(2, fc.constant(letAsk)),
      weighed(1, anyManifest),
      weighed(1, anyTool),
      weighed(1, fc.constant(revoke)),
    ),
    { minLength: Math.floor(length / 2), maxLength: length, size: "max" },
  );
