/// `listen.tls`: the certificate of a public port that speaks HTTPS.
public struct TLSSettings: Sendable, Equatable {
    /// Path of a PEM file: the certificate, then its chain.
    public let certificate: String
    /// Path of a PEM file without passphrase.
    public let key: String

    /// Nil where the port speaks plain HTTP; also, with a fault, where only one of the two files is named.
    init?(reading listen: ConfigSection) {
        let (certificate, key) = listen.section("tls") { section in
            let expected = "the path of a PEM file"
            let certificate = section.text("certificate", expected: expected)
            let key = section.text("key", expected: expected)
            if certificate == nil, key != nil || section.node != nil {
                section.fault("certificate", "a certificate file is needed as well")
            } else if certificate != nil, key == nil {
                section.fault("key", "the certificate's key file is needed as well")
            }
            return (certificate, key)
        }
        guard let certificate, let key else { return nil }
        self.certificate = certificate
        self.key = key
    }
}
