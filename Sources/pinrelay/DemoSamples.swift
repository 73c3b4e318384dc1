/// The demo's sample traffic: what a shop's site and back end send, from a first page view to an order.
struct DemoSample {
    /// What it shows, for the person who watches.
    var title: String
    var method: String
    /// Path and query.
    var target: String
    var body: String

    /// All samples in the order of a visit. Times are left to the relay (time of receipt).
    /// - Parameter run: makes message ids unique to this run.
    static func visit(run: String) -> [DemoSample] {
        let page = #""page":{"url":"https://shop.example/mugs?epik=dj0yJnU9ZGVtbw"}"#
        let person = """
            "userAgent":"\(userAgent)","ip":"203.0.113.9","locale":"en-US",\(page),
            "traits":{"email":"Jane.Doe@Example.com","phone":"+1 (415) 555-2671","firstName":"Jane","lastName":"Doe",
            "address":{"city":"San Francisco","state":"CA","postalCode":"94107","country":"US"}}
            """
        let shared =
            "v=2&tid=G-DEMO123&_p=1700000000000&cid=555.777&ul=en-us&dl=https%3A%2F%2Fshop.example%2Fmugs&sid=1&gcs=G111"
        let user = "ep.user_data.email=jane.doe%40example.com&ep.user_data.address.country=US"
        let items = "pr1=idMUG-1~nmBlue%20Mug~brAcme~caKitchen~pr12.5~qt2&pr2=idTEA-7~nmTea~pr4~qt1"
        return [
            DemoSample(
                title: "GA4 hit, page_view (GET)", method: "GET",
                target: "/g/collect?\(shared)&_s=1&en=page_view&\(user)",
                body: ""),
            DemoSample(
                title: "GA4 hits, two lines in one POST", method: "POST", target: "/g/collect?\(shared)&_s=2",
                body: "en=view_item&cu=EUR&\(items)&\(user)\r\nen=add_to_cart&cu=EUR&epn.value=25&\(items)&\(user)"),
            DemoSample(
                title: "GA4 hit, purchase with two items", method: "GET",
                target: "/g/collect?\(shared)&_s=3&en=purchase&cu=EUR&\(items)&epn.value=29"
                    + "&ep.transaction_id=T-\(run)&\(user)",
                body: ""),
            DemoSample(
                title: "Measurement Protocol, generate_lead", method: "POST",
                target: "/mp/collect?measurement_id=G-DEMO123&api_secret=demo",
                body: """
                    {"client_id":"555.777","events":[{"name":"generate_lead","params":{"value":20,"currency":"USD",
                    "ip_override":"203.0.113.9","user_agent":"\(userAgent)","event_id":"lead-\(run)"}}]}
                    """),
            DemoSample(
                title: "Segment track, Order Completed", method: "POST", target: "/v1/track",
                body: """
                    {"writeKey":"demo","event":"Order Completed","messageId":"order-\(run)","userId":"user-12345",
                    "context":{\(person)},"properties":{"order_id":"1001","currency":"usd","revenue":90.5,"products":[
                    {"product_id":"SKU-1","name":"Blue Mug","price":25.25,"quantity":2},
                    {"sku":"SKU-2","name":"Tea","price":"40.00"}]}}
                    """),
            DemoSample(
                title: "Segment batch: page, identify, unknown name", method: "POST", target: "/v1/batch",
                body: """
                    {"writeKey":"demo","context":{\(person)},"batch":[
                    {"type":"page","messageId":"page-\(run)","userId":"user-12345"},
                    {"type":"identify","messageId":"identify-\(run)","userId":"user-12345"},
                    {"type":"track","event":"Mug Admired","messageId":"admired-\(run)","userId":"user-12345"}]}
                    """),
        ]
    }

    static let userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
}
