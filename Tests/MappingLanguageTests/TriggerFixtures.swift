import JSONTape
import MappingLanguage
import RelayModel
import RelayTestKit

/// What a trigger says about an event.
enum Verdict: Sendable {
    case yes, no
    /// It cannot be read.
    case fault
}

/// The event of the trigger table, `mapping-language.md` 3.1.
let cartEvent = #"""
    {"type": "track", "event": "Product Added", "userId": "u-17", "name": "Cart", "messageId": "m-1",
     "properties": {"total": 42.5, "qty": 2, "qtyText": "2", "currency": "EUR", "gift": true, "sale": false,
      "coupon": null, "note": "", "sku": "TEE-RED-M", "tags": ["new", "red"], "list price": 9, "box": {"w": 30},
      "products": [{"sku": "X1", "price": 5}]},
     "context": {"ip": "203.0.113.9", "library": {"name": "shop-js", "version": "2.1"}, "page": {"path": "/cart"}},
     "traits": {"plan": "gold", "logins": 3}}
    """#

/// Whether a trigger takes the event.
func judge(_ trigger: String, _ event: String = cartEvent) throws -> Bool {
    let trigger = try Trigger(trigger)
    return try withTape(event) { tape, root in trigger.matches(root, on: tape) }
}

func verdict(_ trigger: String, _ event: String = cartEvent) throws -> Verdict {
    do {
        return try judge(trigger, event) ? .yes : .no
    } catch is MappingFault {
        return .fault
    }
}

/// The message of the fault that reading a trigger ends with; nil when it can be read.
func faultMessage(_ trigger: String) -> String? {
    do throws(MappingFault) {
        _ = try Trigger(trigger)
        return nil
    } catch {
        return error.path.isEmpty ? error.message : "a path: \(error.path)"
    }
}
