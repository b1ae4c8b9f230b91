import type { Metadata } from "next";

import { AccessSubjects } from "@/components/settings/access-subjects";
import { AnswerRules } from "@/components/settings/answer-rules";
import { Authenticator } from "@/components/settings/authenticator";
import { CalibrationForm } from "@/components/settings/calibration-form";
import { KeyboardForm } from "@/components/settings/keyboard-form";
import { DeskRules } from "@/components/settings/desk-rules";
import { MyTokens } from "@/components/settings/my-tokens";
import { PreferenceForm } from "@/components/settings/preference-form";
import { Reviewing } from "@/components/settings/reviewing";
import { WorkspaceFacts } from "@/components/settings/workspace-facts";
import { WorkspaceRules } from "@/components/settings/workspace-rules";
import { PageHeader } from "@/components/ui/page-header";
import { canManageMembers } from "@/lib/core/workspaces/permission";
import { listAgents } from "@/lib/services/agents/list-agents";
import { listDelegations } from "@/lib/services/people/delegate";
import { showStepUp } from "@/lib/services/step-up/show";
import { listMembers } from "@/lib/services/workspaces/list-members";
import { listTokens } from "@/lib/services/workspaces/list-tokens";
import { showFacts } from "@/lib/services/workspaces/show-facts";
import { showSettings } from "@/lib/services/workspaces/show-settings";
import { showWorkspace } from "@/lib/services/workspaces/show-workspace";
import { preferences } from "@/lib/web/preferences";
import { pageContext } from "@/lib/web/session";

import {
  beginStepUpAction,
  changeAccessSubjectsAction,
  changeCalibrationAction,
  changeDeskSettingsAction,
  changeSettingsAction,
  confirmStepUpAction,
  createTokenAction,
  delegateAction,
  endDelegationAction,
  removeStepUpAction,
  revokeTokenAction,
} from "./actions";

/** As many agents are offered by name; any other can be typed. */
const MOST_AGENTS = 200;

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const ctx = await pageContext();
  const [{ member }, members, tokens, facts, settings, stepUp, delegations, agents, initial] = await Promise.all([
    showWorkspace(ctx),
    listMembers(ctx),
    listTokens(ctx),
    showFacts(ctx),
    showSettings(ctx),
    showStepUp(ctx),
    listDelegations(ctx),
    listAgents(ctx, { limit: MOST_AGENTS }),
    preferences(),
  ]);

  return (
    <>
      <PageHeader title="Settings" meta={<span>Signed in as {member.email}</span>} />
      <PreferenceForm initial={initial} />
      <KeyboardForm />
      <Authenticator
        since={stepUp.since}
        fromHigh={settings.step_up_high}
        actions={{ begin: beginStepUpAction, confirm: confirmStepUpAction, remove: removeStepUpAction }}
      />
      <Reviewing
        me={member}
        others={members.items.filter(
          ({ id, roles, disabled, joinedAt }) =>
            id !== member.id && !disabled && joinedAt !== null && roles.includes("reviewer"),
        )}
        delegations={delegations}
        delegate={delegateAction}
        end={endDelegationAction}
      />
      <MyTokens tokens={tokens.items} create={createTokenAction} revoke={revokeTokenAction} />
      <AnswerRules
        settings={settings}
        change={changeDeskSettingsAction}
        {...(!canManageMembers(member.roles) && { disabledReason: "This needs an administrator." })}
      />
      <WorkspaceRules
        settings={settings}
        change={changeSettingsAction}
        {...(!canManageMembers(member.roles) && { disabledReason: "This needs an administrator." })}
      />
      <DeskRules
        settings={settings}
        change={changeSettingsAction}
        {...(!canManageMembers(member.roles) && { disabledReason: "This needs an administrator." })}
      />
      <CalibrationForm
        settings={settings}
        change={changeCalibrationAction}
        {...(!canManageMembers(member.roles) && { disabledReason: "This needs an administrator." })}
      />
      <AccessSubjects
        rules={settings.access_subjects}
        agents={agents.items.map(({ id }) => id)}
        change={changeAccessSubjectsAction}
        {...(!canManageMembers(member.roles) && { disabledReason: "This needs an administrator." })}
      />
      <WorkspaceFacts facts={facts} />
    </>
  );
}
