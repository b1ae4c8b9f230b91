-- The votes of an approval that stand, each with what is true of its voter now: which person they are, whether their
-- account is open, their roles, and for whom they answered when they voted.
CREATE OR REPLACE FUNCTION approval_votes(p_approval uuid) RETURNS json
LANGUAGE sql STABLE AS $$
  SELECT coalesce(json_agg(json_build_object('verdict', v.verdict, 'person', coalesce(m.person_id, m.id),
    'disabled', m.disabled_at IS NOT NULL, 'roles', m.roles, 'answersFor', answers_for(m.id, v.created_at))
    ORDER BY v.created_at, v.id), '[]')
  FROM votes v JOIN members m ON m.id = v.member_id
  WHERE v.approval_id = p_approval AND v.undone_at IS NULL
$$;

REVOKE ALL ON FUNCTION approval_votes FROM PUBLIC;
