-- for wrk: posts the file named by the first argument, as GitLab does, with
-- the token that is the second; any third asks for a delivery id of its own
-- in each request

local ids = nil
local count = 0


function init(args)
    local file = assert(io.open(args[1], "rb"))

    wrk.method = "POST"
    wrk.body = file:read("*a")
    wrk.headers["User-Agent"] = "GitLab/18.3.0"
    wrk.headers["Content-Type"] = "application/json"
    wrk.headers["X-Gitlab-Event"] = "Push Hook"
    wrk.headers["X-Gitlab-Token"] = args[2]

    file:close()

    if args[3] then
        ids = args[3]
    end

    plain = wrk.format()
end


function request()
    if not ids then
        return plain
    end

    count = count + 1
    wrk.headers["Idempotency-Key"] =
        string.format("%s-4e00-a000-%012d", ids, count)

    return wrk.format()
end


function done(summary, latency)
    local errors = summary.errors

    io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests,
             summary.duration, latency:percentile(50),
             latency:percentile(99), errors.status,
             errors.connect + errors.read + errors.write + errors.timeout))
end
