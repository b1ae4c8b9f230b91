-- Returns a digest hashed with a salt, which the ledger shows instead of the digest. Once the salt is erased with the
-- payload, nobody can find short arguments by trying. Equal digests under one salt stay equal.
CREATE OR REPLACE FUNCTION salted(p_salt bytea, p_digest text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(p_salt || convert_to(p_digest, 'UTF8')), 'hex')
$$;
