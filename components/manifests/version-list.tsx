import { RowLink } from "@/components/ui/row-link";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { VersionItem } from "@/lib/core/manifests/versions";

/** Where the versions of a document are to be read and compared. */
export type VersionLinks = { version: (version: number) => string; diff: (older: number, newer: number) => string };

type VersionListProps = { label: string; links: VersionLinks; versions: readonly VersionItem[]; shown: number };

const STATES = { pending: "Waits", published: "In force", superseded: "Superseded", rejected: "Rejected" } as const;
const CHANGES = { first: "first", narrowing: "narrows", neutral: "same meaning", widening: "widens" } as const;

/** Every version there was, newest first. A version never changes once it is stored. */
export function VersionList({ label, links, versions, shown }: VersionListProps) {
  return (
    <Table label={label} head={["Version", "State", "Change", "By", "When", { label: "Compare", hidden: true }]} dense>
      {versions.map((version) => (
        <Row key={version.version} selected={version.version === shown}>
          <Cell header>
            <RowLink
              href={links.version(version.version)}
              {...(version.version === shown && { "aria-current": "true" })}
            >
              v{version.version}
            </RowLink>
          </Cell>
          <Cell
            className={
              version.state === "published"
                ? "font-semibold"
                : version.state === "pending"
                  ? "font-medium text-ask"
                  : "text-muted"
            }
          >
            {STATES[version.state]}
          </Cell>
          <Cell>{CHANGES[version.change]}</Cell>
          <Cell>
            {version.created_by ?? "—"}
            {version.published_by && version.published_by !== version.created_by && (
              <span className="text-muted"> · published by {version.published_by}</span>
            )}
          </Cell>
          <Cell>
            <Time at={version.published_at ?? version.created_at} mode="date" />
          </Cell>
          <Cell>
            {version.version !== shown && (
              <RowLink
                href={links.diff(Math.min(version.version, shown), Math.max(version.version, shown))}
                className="text-xs"
              >
                compare with v{shown}
              </RowLink>
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
