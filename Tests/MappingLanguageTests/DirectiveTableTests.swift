import Testing

@Suite("The table of directives")
struct DirectiveTableTests {
    @Test("every example gives what the original gives", arguments: rows)
    func row(_ row: MappingRow) throws {
        #expect(try outcome(of: row.mapping) == row.expected)
    }

    @Test("the table is whole") func count() {
        #expect(Self.rows.count == 84)
    }

    private static let rows = pathRows + textRows + listRows + objectRows

    private static let pathRows = [
        MappingRow(#"{"@path":"$.properties.total"}"#, "42.5"),
        MappingRow(#"{"@path":"properties.total"}"#, "42.5"),
        MappingRow(#"{"@path":"$.properties.products[1].sku"}"#, #""B2""#),
        MappingRow(#"{"@path":"properties.products.0.price"}"#, "5"),
        MappingRow(#"{"@path":"properties['list price']"}"#, "9"),
        MappingRow(#"{"@path":"properties.list price"}"#, "9"),
        MappingRow(#"{"@path":"properties.products.sku"}"#, .absent),
        MappingRow(#"{"@path":"properties.tags.length"}"#, "2"),
        MappingRow(#"{"@path":"properties.coupon"}"#, "null"),
        MappingRow(#"{"@path":"properties.coupon.code"}"#, "null"),
        MappingRow(#"{"@path":"properties.zero.cents"}"#, "0"),
        MappingRow(#"{"@path":"properties.nope.deep"}"#, .absent),
        MappingRow(#"{"@path":"$"}"#, .absent),
        MappingRow(#"{"@path":5}"#, .refused),
        MappingRow(#"{"@path":{"@path":"nope"}}"#, .failed),
    ]

    private static let textRows = [
        MappingRow(#"{"@template":"{{event}} #{{ properties.order }}"}"#, #""Order Completed #SO-10-77""#),
        MappingRow(
            #"{"@template":"{{properties.total}} {{properties.nope}}{{properties.coupon}}{{properties.gift}}"}"#,
            #""42.5 false""#),
        MappingRow(#"{"@template":"{{properties.tags}}|{{properties.ship}}"}"#, #""new,red|[object Object]""#),
        MappingRow(#"{"@template":"{{$.event}}!"}"#, #""!""#),
        MappingRow(#"{"@template":"{{{event}}}"}"#, #""Order Completed""#),
        MappingRow(#"{"@template":"{{}} {x}"}"#, #""{{}} {x}""#),
        MappingRow(#""{{event}}""#, #""{{event}}""#),
        MappingRow(#"{"@if":{"exists":{"@path":"properties.note"},"then":"y","else":"n"}}"#, #""y""#),
        MappingRow(#"{"@if":{"blank":{"@path":"properties.note"},"then":"y","else":"n"}}"#, #""n""#),
        MappingRow(#"{"@if":{"blank":{"@path":"properties.zero"},"then":"y","else":"n"}}"#, #""n""#),
        MappingRow(#"{"@if":{"blank":{"@path":"properties.total"},"then":"y","else":"n"}}"#, #""y""#),
        MappingRow(#"{"@if":{"exists":{"@path":"properties.coupon"},"then":1}}"#, .absent),
        MappingRow(#"{"@if":{"exists":{"@path":"nope"},"then":1,"else":0}}"#, .absent),
        MappingRow(#"{"@if":{"exists":{"@path":"userId"},"then":null,"else":1}}"#, "null"),
        MappingRow(#"{"@if":{"then":1}}"#, .refused),
        MappingRow(#"{"@case":{"operator":"upper","value":{"@path":"properties.currency"}}}"#, #""EUR""#),
        MappingRow(#"{"@case":{"operator":"upper","value":{"@path":"properties.total"}}}"#, "42.5"),
        MappingRow(#"{"@case":{"operator":"lower","value":""}}"#, .absent),
        MappingRow(#"{"@case":{"operator":"title","value":"x"}}"#, .refused),
    ]

    private static let listRows = [
        MappingRow(
            #"{"@arrayPath":["$.properties.products",{"id":{"@path":"$.sku"},"p":{"@path":"price"}}]}"#,
            #"[{"id":"A1","p":5},{"id":"B2","p":7.25}]"#),
        MappingRow(
            #"{"@arrayPath":["$.properties.products",{"id":{"@path":"sku"},"n":{"@path":"q"},"u":{"@path":"$.userId"}}]}"#,
            #"[{"id":"A1","n":2},{"id":"B2"}]"#),
        MappingRow(#"{"@arrayPath":["properties.ship",{"c":{"@path":"city"}}]}"#, #"[{"c":"Ulm"}]"#),
        MappingRow(#"{"@arrayPath":["properties.products",{"@path":"q"}]}"#, "[2,null]"),
        MappingRow(#"{"@arrayPath":["properties.tags",{"t":{"@path":"$."}}]}"#, #"[{"t":"new"},{"t":"red"}]"#),
        MappingRow(#"{"@arrayPath":["properties.order",{"a":1}]}"#, #""SO-10-77""#),
        MappingRow(#"{"@arrayPath":["properties.nope",{"a":1}]}"#, .absent),
        MappingRow(#"{"@arrayPath":"x"}"#, .refused),
        MappingRow(#"{"@literal":"{{event}}"}"#, #""{{event}}""#),
        MappingRow(#"{"@literal":{"e":{"@path":"event"}}}"#, #"{"e":"Order Completed"}"#),
        MappingRow(#"{"@literal":null}"#, "null"),
        MappingRow(#"{"@replace":{"value":{"@path":"properties.order"},"pattern":"-"}}"#, #""SO1077""#),
        MappingRow(
            #"{"@replace":{"value":{"@path":"properties.order"},"pattern":"-","replacement":"/","global":false}}"#,
            #""SO/10-77""#),
        MappingRow(
            #"{"@replace":{"value":{"@path":"properties.order"},"pattern":"so","replacement":"X","ignorecase":true}}"#,
            #""X-10-77""#),
        MappingRow(#"{"@replace":{"value":{"@path":"properties.order"},"pattern":"so"}}"#, #""SO-10-77""#),
        MappingRow(
            #"{"@replace":{"value":{"@path":"properties.total"},"pattern":".","replacement":","}}"#, #""42,5""#),
        MappingRow(
            #"{"@replace":{"value":{"@path":"properties.gift"},"pattern":"true","replacement":"yes","pattern2":"false","#
                + #""replacement2":"no"}}"#, #""no""#),
        MappingRow(#"{"@replace":{"value":{"@path":"properties.nope"},"pattern":"a"}}"#, "\"\""),
        MappingRow(#"{"@replace":{"value":{"@path":"properties.tags"},"pattern":"a"}}"#, "\"\""),
        MappingRow(#"{"@replace":{"value":"cab","pattern":"a","replacement":"[$&]"}}"#, #""c[a]b""#),
        MappingRow(#"{"@replace":{"value":"x","pattern":"abcdefghijk"}}"#, .refused),
    ]

    private static let objectRows = [
        MappingRow(#"{"@merge":{"direction":"right","objects":[{"a":1,"b":1},{"b":2}]}}"#, #"{"a":1,"b":2}"#),
        MappingRow(#"{"@merge":{"direction":"left","objects":[{"a":1,"b":1},{"b":2}]}}"#, #"{"b":1,"a":1}"#),
        MappingRow(
            #"{"@merge":{"direction":"right","objects":[{"city":"?","zip":"?"},{"@path":"properties.ship"}]}}"#,
            #"{"city":"Ulm","zip":"?","geo":{"lat":48.4,"lon":null}}"#),
        MappingRow(#"{"@merge":{"direction":"right","objects":[{"a":1},{"a":{"@path":"nope"}}]}}"#, "{}"),
        MappingRow(#"{"@merge":{"direction":"right","objects":[{"@path":"nope"},{"a":1}]}}"#, #"{"a":1}"#),
        MappingRow(#"{"@merge":{"objects":[{"a":1}]}}"#, .refused),
        MappingRow(
            #"{"@flatten":{"value":{"@path":"properties.ship"},"separator":"_"}}"#,
            #"{"city":"Ulm","geo_lat":48.4,"geo_lon":null}"#),
        MappingRow(
            #"{"@flatten":{"value":{"@path":"properties.products"},"separator":"."}}"#,
            #"{"0.sku":"A1","0.price":5,"0.q":2,"1.sku":"B2","1.price":7.25}"#),
        MappingRow(
            #"{"@flatten":{"value":{"t":{"@path":"properties.tags"},"s":{"c":1}},"separator":".","omitArrays":true}}"#,
            #"{"t":["new","red"],"s.c":1}"#),
        MappingRow(#"{"@flatten":{"value":{"@path":"nope"},"separator":"."}}"#, "{}"),
        MappingRow(#"{"@flatten":{"value":{"@path":"event"},"separator":"."}}"#, #"{"":"Order Completed"}"#),
        MappingRow(
            #"{"@json":{"mode":"encode","value":{"@path":"properties.ship"}}}"#,
            #""{\"city\":\"Ulm\",\"geo\":{\"lat\":48.4,\"lon\":null}}""#),
        MappingRow(#"{"@json":{"mode":"encode","value":{"@path":"nope"}}}"#, .absent),
        MappingRow(#"{"@json":{"mode":"decode","value":{"@path":"properties.json"}}}"#, #"{"k":[1,2]}"#),
        MappingRow(#"{"@json":{"mode":"decode","value":{"@path":"properties.order"}}}"#, #""SO-10-77""#),
        MappingRow(#"{"@json":{"mode":"Decode","value":"1"}}"#, .absent),
        MappingRow(#"{"@json":{"mode":"encode","value":0}}"#, .refused),
        MappingRow(
            #"{"@transform":{"apply":{"s":{"@flatten":{"value":{"@path":"properties.ship"},"separator":"_"}}},"#
                + #""mapping":{"lat":{"@path":"$.s.geo_lat"},"e":{"@path":"event"}}}}"#, #"{"lat":48.4}"#),
        MappingRow(
            #"{"@transform":{"apply":{"@path":"properties"},"mapping":{"@template":"{{qty}} x"}}}"#, #""2 x""#),
        MappingRow(#"{"@excludeWhenNull":{"@path":"properties.coupon"}}"#, .absent),
        MappingRow(
            #"{"@excludeWhenNull":{"@path":"properties.ship"}}"#, #"{"city":"Ulm","geo":{"lat":48.4}}"#),
        MappingRow(#"{"@excludeWhenNull":{"a":[null,{"b":null}],"c":null}}"#, #"{"a":[null,{"b":null}]}"#),
        MappingRow(#"{"a":{"@path":"nope"},"b":null,"c":{"d":{"@path":"nope"}}}"#, #"{"b":null,"c":{}}"#),
        MappingRow(#"[{"@path":"event"},{"@path":"nope"}]"#, #"["Order Completed",null]"#),
        MappingRow(#"{"@path":"event","_metadata":{"label":"x"}}"#, #""Order Completed""#),
        MappingRow(#"{"@path":"event","@literal":1}"#, .refused),
        MappingRow(#"{"@path":"event","x":1}"#, .refused),
        MappingRow(#"{"@batchKeys":["a"]}"#, .refused),
        MappingRow(#"[{"@oops":1}]"#, .refused),
    ]
}
