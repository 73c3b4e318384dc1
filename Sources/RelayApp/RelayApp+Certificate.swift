import HTTPIngress
import Logging
import Settings
import Telemetry

// The public port's certificate, where it has one: read at start, and again when its files change.
extension RelayApp {
    /// Takes up new certificate files; called every second. A file that cannot be used is told of once, and the old
    /// certificate stays.
    func watchCertificate() {
        guard let certificate else { return }
        do throws(TLSError) {
            if try certificate.reloadIfChanged() { log.notice("the TLS certificate was read again") }
        } catch {
            log.error("the TLS certificate was not replaced", metadata: ["error": "\(error)"])
        }
        metrics.certificateReloadFailures.set(Int(clamping: certificate.reloadFailures))
    }

    /// Reads the certificate files whether they have changed or not: for a reload of the whole configuration.
    public func reloadCertificate() throws {
        try certificate?.reload()
    }
}

extension TLSCertificate {
    convenience init?(_ settings: TLSSettings?) throws(TLSError) {
        guard let settings else { return nil }
        try self.init(certificatePath: settings.certificate, keyPath: settings.key)
    }
}
