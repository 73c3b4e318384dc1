import RelayModel

// App and device fields of app events (`mapping.md` 9.3): the flat ones, and the two objects only where they are given.
extension EventMapper {
    mutating func mapApp() {
        mapped.app.appID = firstText(.appID)
        mapped.app.appName = firstText(.appName)
        mapped.app.appVersion = firstText(.appVersion)
        mapped.app.deviceBrand = firstText(.deviceBrand)
        mapped.app.deviceCarrier = firstText(.deviceCarrier)
        mapped.app.deviceModel = firstText(.deviceModel)
        mapped.app.deviceType = firstText(.deviceType)
        mapped.app.osVersion = firstText(.osVersion)
        mapped.app.wifi = firstFlag(.wifi)
        mapped.app.appInfo = first(.appInfo, readObject)
        mapped.app.deviceInfo = first(.deviceInfo, readObject)
    }
}

private func readObject(_ tape: inout EventTape, _ node: TapeNode) -> TapeNode? {
    guard let value = tape.unwrapped(node), tape.firstMember(value) != nil else { return nil }
    return value
}
