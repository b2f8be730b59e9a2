-- As CRI-O does per image, on one connection a thread: /v2/, then the manifest, then the connection is closed.
local first = true

function init(arguments)
  last = { ["Connection"] = "close" }
  for name, value in pairs(wrk.headers) do
    last[name] = value
  end
end

function request()
  local which = first
  first = not first
  if which then
    return wrk.format("GET", "/v2/")
  end
  return wrk.format("GET", wrk.path, last)
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format("weir-bench %d %d %d %d %d", summary.duration, summary.requests, summary.bytes,
    latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
