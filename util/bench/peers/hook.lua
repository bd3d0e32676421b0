-- The same job in Lua, without a promise: what is queued is gone when nginx
-- ends.  For content_by_lua_file of lua-nginx-module.

local cjson = require "cjson.safe"

local QUEUED = 10000


local function answer(status, text)
    ngx.status = status
    ngx.header["Content-Type"] = "application/json"
    ngx.print('{"status":"', text, '"}\n')
end


local function escape(text)
    return (text:gsub("[&<>]", {
        ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;"
    }))
end


if ngx.var.http_x_gitlab_token ~= "token-of-the-benchmark" then
    return answer(401, "rejected")
end

ngx.req.read_body()

local body = ngx.req.get_body_data()

if not body then
    local file = ngx.req.get_body_file()
    local fh = file and io.open(file, "rb")

    if not fh then
        return answer(400, "empty")
    end

    body = fh:read("*a")
    fh:close()
end

local event, err = cjson.decode(body)

if not event then
    return answer(400, err)
end

if event.object_kind ~= "push" then
    return answer(200, "filtered")
end

local branch = event.ref:gsub("^refs/heads/", "")
local project = event.project
local lines = {}

for i, commit in ipairs(event.commits) do
    lines[i] = string.format("<%s|%s>: %s - %s", commit.url,
                             commit.id:sub(1, 8), escape(commit.title),
                             escape(commit.author.name))
end

local message = cjson.encode({
    channel = "#dev",
    username = "GitLab",
    text = string.format("%s (%s) pushed to branch <%s/-/commits/%s|%s> of "
                         .. "<%s|%s>", escape(event.user_name),
                         escape(event.user_username), project.web_url,
                         branch, escape(branch), project.web_url,
                         escape(project.path_with_namespace)),
    attachments = {
        { color = "#345", text = table.concat(lines, "\n"),
          mrkdwn_in = { "text" } }
    }
})

-- a timer of the first worker would send it
local queue = ngx.shared.queue

if queue:rpush("messages", message) > QUEUED then
    queue:lpop("messages")
end

answer(202, "queued")
