-- What a mail can be sent to; one malformed address would keep the whole mail from being sent.
CREATE OR REPLACE FUNCTION portfolio_is_usable_email(address text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN address ~* '^[a-z0-9_%+''-]+(\.[a-z0-9_%+''-]+)*@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$';
COMMENT ON FUNCTION portfolio_is_usable_email(text) IS 'whether a mail can be sent to the address; NULL for NULL';
