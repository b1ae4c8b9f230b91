import { KeyValue } from "@/components/ui/key-value";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { VisibleText } from "@/components/ui/visible-text";
import { counted } from "@/lib/core/approvals/part";
import { COLUMN_ROLES } from "@/lib/core/invoices/schema";
import type { ShownInvoice } from "@/lib/core/invoices/shown";
import { ROLE_WORDS } from "@/lib/core/invoices/words";
import { shortDigest } from "@/lib/core/shared/digest";

/** Which column was read as what, and which were not needed. */
export function InvoiceColumns({ invoice: { columns, rows, digest, provider } }: { invoice: ShownInvoice }) {
  const named = (names: readonly string[]) => names.map((name) => <Name key={name} name={name} />);
  const read = COLUMN_ROLES.flatMap((role) => {
    const names = columns.filter(({ as }) => as === role).map(({ name }) => name);
    return names.length === 0 ? [] : [{ label: ROLE_WORDS[role], value: named(names) }];
  });
  const unread = columns.filter(({ as }) => as === null).map(({ name }) => name);
  return (
    <Section title="How the file was read" aside={counted(rows, "row")}>
      <KeyValue
        items={[
          ...read,
          ...(unread.length > 0 ? [{ label: "Not needed", value: named(unread) }] : []),
          ...(provider === null
            ? [{ label: "Provider", value: "The file names none, so calls to every provider count." }]
            : []),
          { label: "SHA-256", value: <Mono>{shortDigest(digest)}</Mono> },
        ]}
      />
    </Section>
  );
}

function Name({ name }: { name: string }) {
  return (
    <code className="me-3 inline-block text-xs">
      <VisibleText text={name === "" ? "(no name)" : name} />
    </code>
  );
}
