-- A GA4 purchase as gtag.js sends it: a GET with two products and hashed user data, behind a proxy.
dofile("deploy/bench/report.lua")
local counter = 0

local head = "/g/collect?v=2&tid=G-SHOP&gtm=45je4b60v9101234567za200&_p=%d&gcd=13l3l3l3l1l1&npa=0&dma=0"
    .. "&cid=1234567890.1763719000&ul=en-us&sr=1920x1080&_s=1&sid=1763719000&sct=1&seg=1&cu=USD&en=purchase"
    .. "&dl=https%%3A%%2F%%2Fshop.example%%2Fthanks%%3Forder%%3D1001&dt=Thanks&ep.transaction_id=%02d-%s-%010d"
local tail = "&pr1=idSKU-1~nmBlue%20Mug~brGoogle~caKitchen~pr25.25~qt2&pr2=idSKU-2~nmTea~pr40~qt1&epn.value=90.5"
    .. "&em=tv.1~em.jIe0ic41zy4vOfgOKCyy6ASTKlaiE5g-7rQoQH1DtS0~pn.y2iA5BZ2klNkXLnGuJiRVL9mpWp3_BTIH7EBlmPLuSg"
    .. "~ct0.San%2520Francisco~rg0.CA~pc0.94107~co0.US&ec_mode=a&tfd=812"
local headers = {
    ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
    ["Origin"] = "https://shop.example",
    ["X-Forwarded-For"] = "203.0.113.9",
}

function request()
    counter = counter + 1
    return wrk.format("GET", string.format(head, counter, number, run, counter) .. tail, headers)
end
