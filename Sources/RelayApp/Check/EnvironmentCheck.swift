import Foundation
import Glibc
import HTTPIngress
import JournalSQLite
import Reactor
public import Settings

/// Whether this machine has what a configuration needs: the third level of `pinrelay check`. It changes nothing: it looks
/// at files and takes the ports for a moment.
public struct EnvironmentCheck {
    /// What keeps a relay from starting here.
    public private(set) var faults: [ConfigError] = []
    public private(set) var warnings: [String] = []

    public init(_ settings: RelaySettings) {
        lookAtJournal(settings.journal)
        lookAtAuthorities(settings.upstream)
        lookAtCertificate(settings.listen.tls)
        lookAtPort("listen", settings.listen.address, settings.listen.port)
        lookAtPort("admin", settings.admin.address, settings.admin.port)
        for secret in settings.secretFiles { lookAtSecret(secret.file, secret.key) }
    }

    private mutating func fault(_ key: String, _ message: String) {
        faults.append(ConfigError(path: key, message: message))
    }

    private mutating func lookAtJournal(_ journal: Settings.JournalSettings) {
        if let text = JournalSite.fault(path: journal.path, allowsVolatile: journal.allowVolatile) {
            fault("journal.path", text)
        }
    }

    private mutating func lookAtAuthorities(_ upstream: UpstreamSettings) {
        guard let path = upstream.caFile else { return }
        guard let data = FileManager.default.contents(atPath: path) else {
            return fault("upstream.ca_file", "cannot read \(path)")
        }
        if data.range(of: Data("-----BEGIN CERTIFICATE-----".utf8)) == nil {
            fault("upstream.ca_file", "\(path) holds no certificate in PEM")
        }
    }

    private mutating func lookAtCertificate(_ tls: TLSSettings?) {
        do { _ = try TLSCertificate(tls) } catch { fault("listen.tls", "\(error)") }
        if let tls { lookAtSecret(tls.key, "listen.tls.key") }
    }

    /// A port that is taken is no fault: the relay that is to take this configuration up may run already.
    private mutating func lookAtPort(_ section: String, _ address: String, _ port: Int) {
        guard port != 0 else { return }
        do {
            _ = try LoopThread(
                loop: EventLoop(name: "check"), address: address, port: UInt16(port), sharesPort: false,
                limits: IngressLimits(), handler: SilentHandler(), beat: {})
        } catch let error as ListenFault where error.isTaken {
            warnings.append("\(section).port: \(address):\(port) is taken; by a running relay?")
        } catch {
            fault("\(section).address", "\(error)")
        }
    }

    private mutating func lookAtSecret(_ path: String, _ key: String) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue, mode & 0o004 != 0 else { return }
        warnings.append("\(key): every user of this machine may read \(path)")
    }
}

/// Stands on a listener that is never run.
private final class SilentHandler: RequestHandling {
    func handle(_ request: borrowing RequestView, _ reply: consuming ReplyHandle) {
        reply.send(Reply(.serviceUnavailable))
    }
}

extension ListenFault {
    /// Somebody listens there.
    fileprivate var isTaken: Bool { cause.code == .system(EADDRINUSE) }
}
