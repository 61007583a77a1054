-- wrk script: creates a passthrough referrer with a domain that no request had before.
-- Arguments after `--`: a tag that no earlier run used, and the number of accounts to spread over.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

-- The request is put together by hand, because wrk.format costs the load generator more than the
-- server needs for a few of them.
function init(args)
  tag, accounts, sent = args[1], tonumber(args[2]), 0
  local lines = {" HTTP/1.1", "Content-Type: application/json"}
  for name, value in pairs(wrk.headers) do
    lines[#lines + 1] = name .. ": " .. value
  end
  rest = table.concat(lines, "\r\n") .. "\r\nContent-Length: "
end

function request()
  sent = sent + 1
  local account = (sent * 2 + number) % accounts + 1
  local body = '{"domain":"' .. tag .. "-" .. number .. "-" .. sent .. '.example","utm_source":"bench"}'
  return "POST /passthrough-referrers?account_id=bench" .. account .. rest .. #body .. "\r\n\r\n" .. body
end
