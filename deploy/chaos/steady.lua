-- The orders of the bench, at a steady rate: `wrk ... -s steady.lua URL -- REQUESTS_A_SECOND CONNECTIONS`.
dofile("deploy/bench/order.lua")
local begin = init

function init(args)
    begin(args)
    pause = 1000 * tonumber(args[2]) / tonumber(args[1])
end

-- Between half and one and a half of the mean, so that the connections do not march in step.
function delay() return math.floor(pause * (0.5 + math.random())) end
