import { BandMark } from "@/components/ui/band-mark";
import { KeyValue } from "@/components/ui/key-value";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import type { Scorecard as Card } from "@/lib/core/reviewers/scorecard";
import { agreementText, durationText, shareText } from "@/lib/core/reviewers/words";

import { DurationText, ShareLines, ShareText } from "./figures";
import { LookPlot } from "./look-plot";
import { NeedlessRules } from "./needless-rules";

/** Of what coding agents ask, people approve about nine of ten prompts: the share to expect if nobody looked. */
const UNREAD_SHARE = 0.93;

/** One reviewer's figures, each with how many it is made of and the team's beside it. */
export function Scorecard({ card, who }: { card: Card; who: string }) {
  return (
    <>
      <Section title="How much" aside={`last ${card.days} days`}>
        <KeyValue
          items={[
            { label: "Decisions", value: card.decisions.toLocaleString("en") },
            {
              label: "Time with actions on screen",
              value: card.minutes === null ? "none measured" : minutesText(card.minutes),
            },
            { label: "From request to answer", value: <DurationText durations={card.waited} /> },
          ]}
        />
      </Section>
      <Section title="Approve share">
        <div className="grid gap-2 border-y border-hair bg-surface p-3">
          <p>
            {who}: <ShareText share={card.approved} />. The team:{" "}
            {card.teamApproved === null ? "nobody else has answered yet" : <ShareText share={card.teamApproved} />}.
          </p>
          <p className="max-w-[72ch] text-muted">
            People approve about 93 % of what coding agents ask them, read or not. A share near that line says nothing
            about care; calibration items and regret do.
          </p>
          <ShareLines
            label="Approve share"
            mark={UNREAD_SHARE}
            shares={[
              { label: who, share: card.approved },
              ...(card.teamApproved === null ? [] : [{ label: "The team", share: card.teamApproved }]),
            ]}
          />
        </div>
      </Section>
      <Calibration card={card} who={who} />
      <Section title="Regret and agreement">
        <KeyValue
          items={[
            { label: "Approved, run, and then failed or taken back", value: <ShareText share={card.regretted} /> },
            { label: "The same for the team", value: <ShareText share={card.teamRegretted} /> },
            { label: "Agreement with a second reviewer", value: <Agreement card={card} /> },
          ]}
        />
      </Section>
      <Section title="Time looked">
        <div className="grid gap-3 border-y border-hair bg-surface p-3">
          <p>
            {who}: <DurationText durations={card.looking} />. The team: <DurationText durations={card.teamLooking} />.
          </p>
          <LookPlot looks={card.looks} />
        </div>
      </Section>
      <Bands card={card} />
      <NeedlessRules rules={card.needless} />
    </>
  );
}

const minutesText = (minutes: number) =>
  minutes < 1 ? "under 1 min" : `${Math.round(minutes).toLocaleString("en")} min`;

function Calibration({ card, who }: { card: Card; who: string }) {
  const { hits, n } = card.calibration;
  return (
    <Section title="Calibration items">
      <div className="grid gap-2 border-y border-hair bg-surface p-3">
        {n === 0 ? (
          <p className="text-muted">None answered yet. An administrator can switch them on in the settings.</p>
        ) : (
          <p>
            {hits} of {n} caught. Hit rate: <ShareText share={card.calibration} />.
          </p>
        )}
        <ShareLines label="Calibration items caught" shares={[{ label: who, share: card.calibration }]} />
        {card.needsSecond && (
          <p className="font-medium">
            Two of the last twenty were missed: until a practice round is passed, High approvals by this person need a
            second reviewer.
          </p>
        )}
      </div>
    </Section>
  );
}

function Agreement({ card }: { card: Card }) {
  const { kappa, n, table } = card.agreement;
  if (n === 0) return <span className="text-muted">no action was reviewed by two people yet</span>;
  const same = table.bothYes + table.bothNo;
  const beyond =
    kappa === null
      ? "beyond chance it cannot be told, because all answers were the same"
      : n < 20
        ? `too few (${n}) to say how far beyond chance`
        : `κ = ${kappa.toFixed(2)}, ${agreementText(kappa)}`;
  return (
    <span>
      the same answer {same} of {n} times; {beyond}
    </span>
  );
}

function Bands({ card }: { card: Card }) {
  return (
    <Section title="By band">
      <Table
        label="Answers by band"
        head={[
          "Band",
          { label: "Answers", numeric: true },
          "Approved",
          { label: "Looked, half within", numeric: true },
        ]}
      >
        {card.bands.toReversed().map(({ band, approved, looking }) => (
          <Row key={band}>
            <Cell header>
              <BandMark band={band} quiet />
            </Cell>
            <Cell numeric>{approved.n}</Cell>
            <Cell>{shareText(approved)}</Cell>
            <Cell numeric>{looking.median === null ? "—" : durationText(looking.median)}</Cell>
          </Row>
        ))}
      </Table>
    </Section>
  );
}
