-- wrk script: resolves the visits of a file, one a line, one after the other.
-- Argument after `--`: the file.
function init(args)
  requests, sent = {}, 0
  wrk.headers["Content-Type"] = "application/json"
  for line in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, nil, line)
  end
end

function request()
  sent = sent % #requests + 1
  return requests[sent]
end
