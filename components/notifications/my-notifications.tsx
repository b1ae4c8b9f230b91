"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { Field } from "@/components/ui/field";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { Preferences } from "@/lib/core/notifications/person";
import { clockOf } from "@/lib/core/notifications/clock";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";

type MyNotificationsProps = {
  wants: Preferences;
  /** Whether this server can send e-mail at all. */
  mail: boolean;
  slackUserId: string | null;
  zones: readonly string[];
  save: FormAction;
  makeCode: FormAction<{ readonly code: string; readonly minutes: number }>;
};

/** How one person is told of actions that are routed to them. */
export function MyNotifications({ wants, mail, slackUserId, zones, save, makeCode }: MyNotificationsProps) {
  const { state, pending, form } = useFormAction(save);
  return (
    <Section title="How I am told" id="mine">
      <p className="max-w-[72ch] text-muted">
        An action is told to the owners of its agent, then to whoever is on call, and at half of its time to everybody
        who may answer. Low ones come in one list an hour.
      </p>
      {!mail && (
        <Alert tone="warn" title="This server sends no e-mail">
          Whoever runs it can set <Mono>SMTP_URL</Mono> and <Mono>MAIL_FROM</Mono>. Until then you are told in Slack, or
          not at all.
        </Alert>
      )}
      <form {...form} key={JSON.stringify(wants)} className="grid max-w-2xl gap-4 border-y border-hair bg-surface p-3">
        {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
        <Field label="Tell me by" htmlFor="channel" error={faultAt(state, "/channel")}>
          <Select id="channel" name="channel" options={CHANNELS} defaultValue={wants.channel} />
        </Field>
        <QuietHours wants={wants} zones={zones} toError={faultAt(state, "/quiet_to") ?? faultAt(state, "/quiet")} />
        <Field
          label="At most so many messages an hour"
          hint="What is over it comes in the hour's list. From 2 to 100."
          htmlFor="hourly-cap"
          error={faultAt(state, "/hourly_cap")}
        >
          <TextInput id="hourly-cap" name="hourly_cap" inputMode="numeric" required defaultValue={wants.hourly_cap} />
        </Field>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" aria-busy={pending}>
            {pending ? "Recording…" : "Save"}
          </Button>
          <span role="status" className="text-xs text-muted">
            {state.status === "done" && !pending ? "Saved." : ""}
          </span>
        </div>
      </form>
      <SlackLink slackUserId={slackUserId} makeCode={makeCode} />
    </Section>
  );
}

const CHANNELS = [
  { value: "email", label: "E-mail" },
  { value: "slack", label: "Slack, or e-mail where that is not possible" },
  { value: "none", label: "Nothing: I look at the desk" },
];

type QuietHoursProps = { wants: Preferences; zones: readonly string[]; toError: string | undefined };

function QuietHours({ wants, zones, toError }: QuietHoursProps) {
  const { quiet, zone, critical_breaks } = wants;
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 font-medium">Quiet hours</legend>
      <p className="text-xs text-muted">
        What comes in them is kept and sent when they end. Leave both empty for none.
      </p>
      <div className="flex flex-wrap gap-3">
        <div className="w-28">
          <Field label="From">
            <TextInput type="time" name="quiet_from" defaultValue={quiet ? clockOf(quiet.from) : ""} />
          </Field>
        </div>
        <div className="w-28">
          <Field label="Until" error={toError}>
            <TextInput type="time" name="quiet_to" defaultValue={quiet ? clockOf(quiet.to) : ""} />
          </Field>
        </div>
        <div className="min-w-48 flex-1">
          <Field label="In the time of">
            <Select name="zone" options={zones.map((name) => ({ value: name, label: name }))} defaultValue={zone} />
          </Field>
        </div>
      </div>
      <label className="inline-flex min-h-6 items-center gap-2 pointer-coarse:min-h-11">
        <input
          type="checkbox"
          name="critical_breaks"
          defaultChecked={critical_breaks}
          className="size-4 accent-accent"
        />
        A Critical action may wake me
      </label>
    </fieldset>
  );
}

function SlackLink({ slackUserId, makeCode }: Pick<MyNotificationsProps, "slackUserId" | "makeCode">) {
  const { state, pending, form } = useFormAction(makeCode);
  return (
    <form {...form} className="grid max-w-2xl gap-2 border-y border-hair bg-surface p-3">
      <p>
        {slackUserId === null ? (
          "Your Slack account is not linked. Linked, you can deny actions from Slack; approving needs the desk."
        ) : (
          <>
            Linked to the Slack account <Mono>{slackUserId}</Mono>. You can deny actions from Slack.
          </>
        )}
      </p>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      {state.status === "done" && state.data && (
        <Alert tone="info" title={`Send this in Slack within ${state.data.minutes} minutes`}>
          <CopyText value={`/interlock link ${state.data.code}`} label="the command" />
        </Alert>
      )}
      <div>
        <Button type="submit" size="sm" aria-busy={pending}>
          {slackUserId === null ? "Link my Slack account" : "Link another account"}
        </Button>
      </div>
    </form>
  );
}
