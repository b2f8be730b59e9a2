-- Exact figures at the end: microseconds, requests, bytes, p99, errors.
function done(summary, latency)
  local errors = summary.errors
  print(string.format("weir-bench %d %d %d %d %d", summary.duration, summary.requests, summary.bytes,
    latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
