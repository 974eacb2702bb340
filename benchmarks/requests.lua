-- Requests for wrk: the paths of a file in turn, each with its headers; figures as one JSON line.
local lines = {}
for line in io.lines(os.getenv("BENCH_PATHS")) do lines[#lines + 1] = line end
local accept = os.getenv("BENCH_ACCEPT")
local number = 0
request = function()
  number = number % #lines + 1
  local path, etag = lines[number]:match("^(%S+)%s*(.*)$")
  local headers = { ["Accept"] = accept }
  if etag ~= "" then headers["If-None-Match"] = etag end
  return wrk.format("GET", path, headers)
end
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\nFIGURES {"requests":%d,"seconds":%.3f,"p50_ms":%.2f,"p99_ms":%.2f,"errors":%d,"bytes":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status, summary.bytes))
end
