import HTTPEgress
import Testing

func makeLoop(_ limits: EgressLimits = EgressLimits()) throws -> EgressLoop {
    try EgressLoop(limits: limits, identity: EgressIdentity(version: "1.2.3"))
}

/// Turns the loop until `count` requests have ended, or a generous time is over.
func collect(_ count: Int, from loop: EgressLoop) -> [EgressResponse] {
    let deadline = ContinuousClock().now + .seconds(20)
    var ended: [EgressResponse] = []
    while ended.count < count, ContinuousClock().now < deadline {
        ended += loop.turn(maxWait: .milliseconds(200))
    }
    return ended
}

func outcome(of request: EgressRequest, on loop: EgressLoop) throws -> EgressResponse {
    loop.start(request)
    let response = try #require(collect(1, from: loop).first)
    #expect(response.id == request.id)
    return response
}

func answer(
    of request: EgressRequest, on loop: EgressLoop
) throws -> (status: Int, headers: EgressHeaders, body: [UInt8]) {
    switch try outcome(of: request, on: loop).result {
    case .answered(let status, let headers, let body): return (status, headers, body)
    case .failed(let error): throw error
    }
}

struct UnexpectedAnswer: Error { let status: Int }

func failure(of request: EgressRequest, on loop: EgressLoop) throws -> CurlError {
    switch try outcome(of: request, on: loop).result {
    case .answered(let status, _, _): throw UnexpectedAnswer(status: status)
    case .failed(let error): return error
    }
}
