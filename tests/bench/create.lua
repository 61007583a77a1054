-- wrk script: creates a passthrough referrer with a domain that no request had before.
-- Arguments after `--`: a tag that no earlier run used, and the number of accounts to spread over.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  tag, accounts, sent = args[1], tonumber(args[2]), 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  sent = sent + 1
  local account = (sent * 2 + number) % accounts + 1
  local body = string.format('{"domain":"%s-%d-%d.example","utm_source":"bench"}', tag, number, sent)
  return wrk.format(nil, "/passthrough-referrers?account_id=bench" .. account, nil, body)
end
