import Testing

@testable import Privacy

@Suite("Birth dates")
struct BirthDateTests {
    @Test(
        "a date that can be read becomes YYYYMMDD",
        arguments: [
            ("1990-04-05", "19900405"), ("1990-4-5", "19900405"), ("1990/04/05", "19900405"),
            ("1990.04.05", "19900405"), ("19900405", "19900405"), ("1990-04-05T00:00:00.000Z", "19900405"),
            ("1990-04-05t23:59:59-11:00", "19900405"), ("1990-04-05 12:30", "19900405"),
            ("05.04.1990", "19900405"), ("5.4.1990", "19900405"), ("25/04/1990", "19900425"),
            ("04/25/1990", "19900425"), ("25-04-1990", "19900425"), ("04-25-1990", "19900425"),
            ("2000-02-29", "20000229"), ("2024-02-29", "20240229"), ("1990-12-31", "19901231"),
        ])
    func reads(value: String, digits: String) throws { try NormalRow(value, gives: [digits]).check("db") }

    @Test(
        "impossible, ambiguous and foreign forms are left out",
        arguments: [
            "1990-02-30", "1900-02-29", "2023-02-29", "1990-13-01", "1990-00-10", "1990-01-00", "1990-04-31",
            "04/05/1990", "04-05-1990", "13/13/1990", "04.25.1990", "0001-01-01", "5/4/90", "1990-04", "1990",
            "1990-04/05", "1990-04-05x", "1990-04-05T", "199004051", "-04-05-1990", "1990-004-05", "April 5, 1990",
            "1990年4月5日", "99999999999999999999",
        ])
    func leavesOut(value: String) throws { try NormalRow(value, gives: [], warns: ["impossible_date"]).check("db") }

    @Test(
        "the configured order reads what is ambiguous, and only that",
        arguments: [
            ("04/05/1990", PrivacyRules.DayMonthOrder.dayFirst, "19900504"), ("04/05/1990", .monthFirst, "19900405"),
            ("25/04/1990", .monthFirst, "19900425"), ("04-25-1990", .dayFirst, "19900425"),
            ("05.04.1990", .monthFirst, "19900405"),
        ])
    func usesOrder(value: String, order: PrivacyRules.DayMonthOrder, digits: String) throws {
        var rules = PrivacyRules()
        rules.dayMonthOrder = order
        try NormalRow(value, gives: [digits]).check("db", rules: rules)
    }
}
