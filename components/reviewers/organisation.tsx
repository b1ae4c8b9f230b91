import { BandMark } from "@/components/ui/band-mark";
import { KeyValue } from "@/components/ui/key-value";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import type { Organisation as Shown, Withheld } from "@/lib/core/reviewers/organisation";
import { WITHHELD } from "@/lib/core/reviewers/organisation-rows";
import type { Share } from "@/lib/core/shared/statistics";
import { durationText } from "@/lib/core/reviewers/words";

import { ShareLines, ShareText } from "./figures";
import { NeedlessRules } from "./needless-rules";

const UNREAD_SHARE = 0.93;

/** How people here review, in sums. Behind each figure are at least five people, or it is not shown. */
export function Organisation({ shown }: { shown: Shown }) {
  const lines = [
    { label: "Approved", share: shown.approved },
    { label: "Calibration items caught", share: shown.calibration },
    { label: "Regretted, of what ran", share: shown.regretted },
    { label: "Expired with nobody deciding", share: shown.expired },
  ];
  return (
    <>
      <Section title="Everything reviewed">
        <div className="grid gap-3">
          <KeyValue
            items={[
              { label: "Decisions", value: shown.volume === null ? <Few /> : shown.volume.n.toLocaleString("en") },
              ...lines.map(({ label, share }) => ({ label, value: <Figure share={share} /> })),
            ]}
          />
          <ShareLines
            label="Shares"
            mark={UNREAD_SHARE}
            shares={lines.flatMap(({ label, share }) => (share === null ? [] : [{ label, share }]))}
          />
          <p className="max-w-[72ch] text-xs text-muted">
            The dashed line is 93 %: about what people approve of a coding agent's questions whether they read them or
            not. Lines are 95 % intervals.
          </p>
        </div>
      </Section>
      <Section title="By band">
        <Table
          label="Figures by band"
          head={[
            "Band",
            "Approved",
            { label: "Decided, half within", numeric: true },
            { label: "Nine of ten within", numeric: true },
          ]}
        >
          {shown.bands.toReversed().map(({ band, approved, waited }) => (
            <Row key={band}>
              <Cell header>
                <BandMark band={band} quiet />
              </Cell>
              <Cell>
                <Figure share={approved} />
              </Cell>
              <Cell numeric>{waited === null || waited.median === null ? "—" : durationText(waited.median)}</Cell>
              <Cell numeric>{waited === null || waited.p90 === null ? "—" : durationText(waited.p90)}</Cell>
            </Row>
          ))}
        </Table>
      </Section>
      <NeedlessRules rules={shown.needless} />
    </>
  );
}

const Figure = ({ share }: { share: Withheld<Share> }) => (share === null ? <Few /> : <ShareText share={share} />);

const Few = () => <span className="text-muted">{WITHHELD}</span>;
