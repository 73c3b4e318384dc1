-- An 843-byte Segment `Order Completed` with an id of its own per request.
dofile("deploy/bench/report.lua")
local counter = 0

local head = '{"writeKey":"wk_live","type":"track","event":"Order Completed","userId":"user-12345",'
    .. '"anonymousId":"9c1185a5c5e9fc54612808977ee8f548","timestamp":"%s","messageId":"bench-%02d-%s-%010d",'
local tail = '"context":{"ip":"203.0.113.9","userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",'
    .. '"locale":"en-US","page":{"url":"https://shop.example/thanks?order=1001"},"traits":{"email":"jane@example.com",'
    .. '"phone":"+14155552671","firstName":"Jane","lastName":"Doe","address":{"city":"San Francisco","state":"CA",'
    .. '"postalCode":"94107","country":"US"}}},"properties":{"order_id":"1001","currency":"USD","revenue":90.5,'
    .. '"products":[{"product_id":"SKU-1","name":"Blue Mug","price":25.25,"quantity":2},'
    .. '{"product_id":"SKU-2","name":"Tea","price":40,"quantity":1}]}'

function init(args)
    time = os.date("!%Y-%m-%dT%H:%M:%SZ")
    local bare = string.format(head, time, number, run, 0) .. tail
    pad = ',"p":"' .. string.rep("x", math.max(0, 843 - #bare - 8)) .. '"}'
end

function order()
    counter = counter + 1
    return string.format(head, time, number, run, counter) .. tail .. pad
end

function request()
    return wrk.format("POST", "/v1/track", { ["Content-Type"] = "application/json" }, order())
end
