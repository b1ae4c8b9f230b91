-- The votes of an approval that stand, in their order. Each comes with what is true of its voter now: which person they
-- are, whether their account is open, their roles, and which accounts count as one person with theirs. It also names
-- the accounts they answered for when they voted, and the agent's DRIs who had not cooled off by then or came later.
CREATE OR REPLACE FUNCTION approval_votes(p_approval uuid) RETURNS json
LANGUAGE sql STABLE AS $$
  SELECT coalesce(json_agg(json_build_object('verdict', v.verdict, 'member', m.id,
    'person', coalesce(m.person_id, m.id), 'disabled', m.disabled_at IS NOT NULL, 'roles', m.roles,
    'answersFor', answers_for(m.id, v.created_at), 'tied', tied_accounts(m.id, clock_timestamp()),
    'driLately', dris_lately(a.agent_id, v.created_at))
    ORDER BY v.created_at, v.id), '[]')
  FROM votes v JOIN members m ON m.id = v.member_id JOIN approvals a ON a.id = v.approval_id
  WHERE v.approval_id = p_approval AND v.undone_at IS NULL
$$;

REVOKE ALL ON FUNCTION approval_votes FROM PUBLIC;
