"use client";

import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import { VisibleText } from "@/components/ui/visible-text";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";

type Person = { readonly id: string; readonly name: string; readonly slackUserId: string | null };

/** Which Slack account is whose: a press of Deny counts as that member’s, with the roles they have at that moment. */
export function SlackAccounts({ people, link }: { people: readonly Person[]; link: FormAction }) {
  return (
    <Section title="Slack accounts" id="slack">
      <p className="max-w-[72ch] text-muted">
        Whoever presses Deny in Slack must be linked to a member here; nothing in Slack’s message says who somebody is.
        Members can link themselves above, or you enter their Slack member id.
      </p>
      <Table label="Slack accounts" head={["Member", "Slack member id"]}>
        {people.map((person) => (
          <Row key={person.id}>
            <Cell header>
              <VisibleText text={person.name} />
            </Cell>
            <Cell>
              <Account person={person} link={link} />
            </Cell>
          </Row>
        ))}
      </Table>
    </Section>
  );
}

function Account({ person: { id, name, slackUserId }, link }: { person: Person; link: FormAction }) {
  const { state, pending, form } = useFormAction(link);
  return (
    <form {...form} key={slackUserId} className="flex flex-wrap items-center gap-2">
      <input type="hidden" name="member" value={id} />
      <div className="w-44">
        <TextInput
          name="slack_user_id"
          aria-label={`Slack member id of ${name}`}
          defaultValue={slackUserId ?? ""}
          placeholder="U0123456789"
          autoComplete="off"
        />
      </div>
      <Button type="submit" size="sm" aria-busy={pending} aria-label={`Save the Slack account of ${name}`}>
        Save
      </Button>
      {state.status === "refused" && (
        <span className="text-xs font-medium text-deny">■ {faultAt(state, "/slack_user_id") ?? state.message}</span>
      )}
    </form>
  );
}
