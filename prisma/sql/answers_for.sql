-- Lists the accounts whose duties a person has at a moment: their own accounts, and the accounts of everyone who has
-- delegated to them for that moment.
CREATE OR REPLACE FUNCTION answers_for(p_member_id uuid, p_at timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  SELECT array_agg(DISTINCT account_id)
  FROM (
    SELECT unnest(accounts_of(p_member_id)) AS account_id
    UNION ALL
    SELECT unnest(accounts_of(d.from_member))
    FROM delegations d
    WHERE d.to_member = ANY (accounts_of(p_member_id))
      AND d.starts_at <= p_at AND d.ends_at > p_at AND (d.ended_at IS NULL OR d.ended_at > p_at)
  ) AS accounts
$$;
