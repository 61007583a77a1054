INSERT INTO passthrough_referrers (account_id, domain, utm_source)
VALUES ('bench' || (1 + random() * 199)::int, 'd' || nextval('domain_number') || '.example', 'bench');
