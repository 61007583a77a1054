CREATE SEQUENCE domain_number CACHE 100;
CREATE TABLE passthrough_referrers (
  id bigserial PRIMARY KEY,
  account_id text NOT NULL,
  domain text NOT NULL,
  utm_source text NOT NULL,
  utm_medium text NOT NULL DEFAULT 'passthrough',
  utm_campaign text NOT NULL DEFAULT '',
  utm_term text NOT NULL DEFAULT '',
  service_name text NOT NULL DEFAULT '',
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (account_id, domain)
);
