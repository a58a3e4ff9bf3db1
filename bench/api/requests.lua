-- The requests of one run of wrk: what is asked of the server by which thread, and at the end one line of JSON for the bench.
-- Told by its environment: BENCH_VERB, BENCH_TOKEN, BENCH_NAMES (how many objects there are to change).

local verb = os.getenv("BENCH_VERB")
local names = tonumber(os.getenv("BENCH_NAMES") or "1")
local ports = "/apis/bridgekeeper.dev/v1alpha1/vlanports"
local headers = {
  ["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN"),
  ["Accept"] = "application/json",
  ["User-Agent"] = "bench",
}
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local count = 0

local function with(content_type)
  headers["Content-Type"] = content_type
  return headers
end

local function spec(tag)
  return '"spec":{"bridgeName":"br0","vlan":{"mode":"access","tag":' .. tag .. '},"addresses":["10.1.2.3/24"]}'
end

local function manifest(name, tag)
  return '{"apiVersion":"bridgekeeper.dev/v1alpha1","kind":"VlanPort","metadata":{"name":"' .. name .. '","labels":{"app":"bench"}},' .. spec(tag) .. "}"
end

-- Threads start at different places, so that they seldom write one object at the same time.
local function existing()
  return "vp" .. (count * 7 + number * 501) % names
end

-- A tag that is another one than last time, whichever thread wrote it.
local function other_tag()
  return 2 + (math.floor(count / names) * 97 + count + number * 31) % 4000
end

local function condition()
  return '{"status":{"conditions":[{"type":"Ready","status":"True","reason":"Working","message":"pass '
    .. count .. "." .. number
    .. '","observedGeneration":1,"lastTransitionTime":"2026-01-01T00:00:00Z"}]}}'
end

local write = {
  get = function() return wrk.format("GET", ports .. "/vp0", headers) end,
  list = function() return wrk.format("GET", ports, headers) end,
  create = function()
    local name = "new-" .. number .. "-" .. count
    return wrk.format("POST", ports, with("application/json"), manifest(name, 2 + count % 4000))
  end,
  patch = function()
    return wrk.format("PATCH", ports .. "/" .. existing(), with("application/merge-patch+json"), '{"spec":{"vlan":{"tag":' .. other_tag() .. "}}}")
  end,
  status = function()
    return wrk.format("PATCH", ports .. "/" .. existing() .. "/status", with("application/merge-patch+json"), condition())
  end,
  apply = function()
    local name = existing()
    local path = ports .. "/" .. name .. "?fieldManager=bench&force=true"
    return wrk.format("PATCH", path, with("application/apply-patch+yaml"), manifest(name, other_tag()))
  end,
  reapply = function()
    local path = ports .. "/vp0?fieldManager=bench&force=true"
    return wrk.format("PATCH", path, with("application/apply-patch+yaml"), manifest("vp0", 2))
  end,
}

function request()
  count = count + 1
  return write[verb]()
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"refused":%d,"broken":%d,"p50Ms":%.3f,"p99Ms":%.3f}\n',
    summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
