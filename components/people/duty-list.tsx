import { Chip } from "@/components/ui/chip";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import { type Duty, dutyTitle } from "@/lib/core/people/duties";

/** What takes two people, and which two could do it today, or why nobody can. */
export function DutyList({ duties }: { duties: readonly Duty[] }) {
  return (
    <Section title="What takes two people" id="duties">
      <Table label="What takes two people" head={["What", "Today"]}>
        {duties.map(({ name, pair, fault }) => (
          <Row key={name}>
            <Cell header>{dutyTitle(name)}</Cell>
            <Cell wrap className="max-w-[80ch]">
              {pair !== null ? (
                <>
                  Can be done, for example by <VisibleText text={pair[0]} /> and <VisibleText text={pair[1]} />.
                </>
              ) : (
                <span className="grid gap-0.5">
                  <span>
                    <Chip tone="warn">Not today</Chip>
                  </span>
                  <VisibleText text={fault ?? ""} />
                </span>
              )}
            </Cell>
          </Row>
        ))}
      </Table>
    </Section>
  );
}
