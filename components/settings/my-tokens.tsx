"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { Cell, Row, Table } from "@/components/ui/table";
import { TextInput } from "@/components/ui/text-input";
import { Time } from "@/components/ui/time";
import { useFormAction } from "@/components/ui/use-form-action";
import { type FormAction, faultAt } from "@/lib/core/shared/action-state";
import type { Token } from "@/lib/core/workspaces/token";

import { ConfirmButton } from "./confirm-button";
import { SecretOnce } from "./secret-once";

type MyTokensProps = { tokens: readonly Token[]; create: FormAction<{ readonly token: string }>; revoke: FormAction };

/** One's own personal tokens, for the command line and for programs that act in one's name. */
export function MyTokens({ tokens, create, revoke }: MyTokensProps) {
  return (
    <Section title="My personal tokens" id="tokens">
      <p className="max-w-[72ch] text-muted">
        A token lets the <Mono>interlock</Mono> command and your programs act as you, with the roles you hold at that
        moment.
      </p>
      {tokens.length === 0 && (
        <p className="border-y border-hair bg-surface px-3 py-4 text-muted">You have no token. Make one below.</p>
      )}
      {tokens.length > 0 && (
        <Table
          label="My personal tokens"
          head={["Name", "Ends in", "Made", "Expires", { label: "Revoke", hidden: true }]}
        >
          {tokens.map((token) => (
            <Row key={token.id}>
              <Cell header>{token.name}</Cell>
              <Cell>
                <Mono>…{token.hint}</Mono>
              </Cell>
              <Cell>
                <Time at={token.createdAt} mode="date" />
              </Cell>
              <Cell>
                <Time at={token.expiresAt} mode="date" />
              </Cell>
              <Cell numeric>
                <ConfirmButton
                  label="Revoke…"
                  about={`the token “${token.name}”`}
                  title={`Revoke “${token.name}”`}
                  confirm="Revoke"
                  action={revoke}
                  fields={{ tokenId: token.id }}
                >
                  Programs that use it are refused from the moment this answers. It cannot be brought back; make a new
                  one instead.
                </ConfirmButton>
              </Cell>
            </Row>
          ))}
        </Table>
      )}
      <CreateToken create={create} />
    </Section>
  );
}

const DAYS = [7, 30, 90, 365].map((days) => ({ value: String(days), label: `${days} days` }));

function CreateToken({ create }: { create: MyTokensProps["create"] }) {
  const { state, pending, form } = useFormAction(create);
  return (
    <>
      <form {...form} className="flex flex-wrap items-end gap-3">
        <div className="w-60 max-w-full">
          <Field label="Name of the new token" error={faultAt(state, "/name")}>
            <TextInput name="name" required maxLength={100} autoComplete="off" placeholder="laptop" />
          </Field>
        </div>
        <div className="w-32">
          <Field label="Works for" error={faultAt(state, "/days")}>
            <Select name="days" options={DAYS} defaultValue="90" />
          </Field>
        </div>
        <Button type="submit" aria-busy={pending}>
          {pending ? "Making…" : "Make token"}
        </Button>
      </form>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      {state.status === "done" && state.data && (
        <SecretOnce secret={state.data.token} title="Your new token" label="the new token" />
      )}
    </>
  );
}
