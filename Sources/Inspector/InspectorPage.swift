import Telemetry

/// The page for people: the sums, the queues, the health. It loads nothing and runs nothing.
struct InspectorPage {
    let version: String
    let health: HealthReport
    let sums: EventSums
    let destinations: [String]
    let queues: [HealthReport.QueueState]
    let recent: [RecentEvent]

    private static let style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:44rem;padding:0 1rem;color:#222}
        table{border-collapse:collapse;width:100%;margin-bottom:1.5rem}
        th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #ddd}
        td.n{text-align:right;font-variant-numeric:tabular-nums}
        .bad{color:#b00020;font-weight:600}
        textarea{width:100%;box-sizing:border-box;font:13px/1.4 monospace}
        """

    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>pinrelay</title><style>\(Self.style)</style></head>
        <body>
        <h1>pinrelay \(Self.escaped(version))</h1>
        <p>\(healthLine)</p>
        <h2>Events</h2>
        <table>\(sumRows)</table>
        <h2>Queues</h2>
        <table><tr><th>destination</th><th>queued</th><th>oldest</th></tr>\(queueRows)</table>
        <h2>Last events</h2>
        <table>\(recentRows)</table>
        <h2>What an event becomes</h2>
        <form method="post" action="/api/explain" enctype="text/plain">
        <textarea name="input" rows="6" aria-label="event" placeholder="A Segment call, a hit's URL, a curl command"></textarea>
        <p><button>Explain</button> Nothing is sent, stored or counted.</p>
        </form>
        <p><a href="/healthz?verbose">health in detail</a> · <a href="/metrics">metrics</a> ·
        <a href="/api/events">last events</a> · <a href="/api/dead-letters">dead letters</a> ·
        <a href="/api/config">settings in force</a></p>
        </body>
        </html>

        """
    }

    private var healthLine: String {
        health.isGood ? "Ready." : "<span class=\"bad\">Not ready:</span> <code>\(Self.escaped(health.json))</code>"
    }

    private var sumRows: String {
        let rows = [
            ("received", sums.received), ("fanned out", sums.fannedOut), ("recovered at start", sums.recovered),
            ("replayed", sums.replayed),
            ("delivered", sums.delivered), ("queued", sums.queued), ("dead", sums.dead),
            ("duplicate", sums.duplicate), ("not sent", sums.notSent), ("on the way to the journal", sums.pending),
            ("unaccounted", sums.unaccounted),
        ]
        return rows.map { "<tr><td>\($0.0)</td><td class=\"n\">\($0.1)</td></tr>" }.joined()
    }

    private var queueRows: String {
        zip(destinations, queues).map { name, queue in
            "<tr><td>\(Self.escaped(name))</td><td class=\"n\">\(queue.events)</td>"
                + "<td class=\"n\">\(queue.oldestSeconds) s</td></tr>"
        }.joined()
    }

    private var recentRows: String {
        let head =
            "<tr><th>time</th><th>source</th><th>event</th><th>becomes</th><th>outcome</th><th>known by</th></tr>"
        return recent.reduce(into: head) { rows, event in
            let cells = [event.time, event.source, event.name, event.eventName, event.outcome, event.identifiers]
            rows += "<tr>" + cells.map { "<td>\(Self.escaped($0))</td>" }.joined() + "</tr>"
        }
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}
