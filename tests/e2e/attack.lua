-- wrk script: sends one request again and again.
-- Arguments after `--`: method, media type, and a file with the body (/dev/null for none).
function init(args)
  local file = assert(io.open(args[3], "rb"))
  wrk.method = args[1]
  wrk.headers["Content-Type"] = args[2]
  local body = file:read("*a")
  file:close()
  if #body > 0 then wrk.body = body end
end
