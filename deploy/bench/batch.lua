-- The orders of order.lua, so many in a request: `wrk ... -s batch.lua URL -- EVENTS`.
dofile("deploy/bench/order.lua")
local begin = init

function init(args)
    begin(args)
    size = tonumber(args[1])
end

function request()
    local orders = {}
    for place = 1, size do orders[place] = order() end
    local body = '{"writeKey":"wk_live","batch":[' .. table.concat(orders, ",") .. "]}"
    return wrk.format("POST", "/v1/batch", { ["Content-Type"] = "application/json" }, body)
end
