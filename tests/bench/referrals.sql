CREATE TABLE ai_referrals (
  connection_id text NOT NULL,
  date date NOT NULL,
  raw_referrer_value text NOT NULL,
  raw_page_value text NOT NULL,
  pageviews bigint,
  sessions bigint,
  transactions bigint,
  purchase_revenue numeric(19, 6),
  batch_id text,
  PRIMARY KEY (connection_id, date, raw_referrer_value, raw_page_value)
);
