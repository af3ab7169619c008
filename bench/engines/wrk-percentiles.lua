-- Percentiles of a wrk run in microseconds, one a line.
done = function(summary, latency)
  for name, percentile in pairs({ p50 = 50, p95 = 95, p99 = 99, p999 = 99.9 }) do
    print(name .. " " .. latency:percentile(percentile))
  end
end
