-- A GA4 purchase as a server sends it by the Measurement Protocol.
dofile("deploy/bench/report.lua")
local counter = 0

local head = '{"client_id":"555.777","user_id":"user-12345","user_data":{'
    .. '"sha256_email_address":["8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"],'
    .. '"sha256_phone_number":["cb6880e416769253645cb9c6b8989154bf66a56a77fc14c81fb1019663cbb928"],'
    .. '"address":[{"city":"San Francisco","region":"CA","postal_code":"94107","country":"US"}]},'
    .. '"events":[{"name":"purchase","params":{"transaction_id":"%02d-%s-%010d",'
local tail = '"currency":"USD","value":90.5,"session_id":"1763719000","engagement_time_msec":100,'
    .. '"page_location":"https://shop.example/thanks?order=1001","ip_override":"203.0.113.9",'
    .. '"user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36","language":"en-us","items":['
    .. '{"item_id":"SKU-1","item_name":"Blue Mug","price":25.25,"quantity":2},'
    .. '{"item_id":"SKU-2","item_name":"Tea","price":40,"quantity":1}]}}]}'

function request()
    counter = counter + 1
    return wrk.format(
        "POST", "/mp/collect?measurement_id=G-SHOP&api_secret=secret", { ["Content-Type"] = "application/json" },
        string.format(head, number, run, counter) .. tail)
end
