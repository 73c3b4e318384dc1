# syntax=docker/dockerfile:1
# Stage 1 builds the binary with the Swift standard library inside. Stage 2 installs the Debian packages whose shared
# libraries and data it needs, and gathers those files. The image holds them and nothing else: no shell, no package
# manager. `make image-proof` runs stages 2 and 3 on this file without a container engine.
FROM swift:6.2-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       pkg-config libevent-dev libcurl4-openssl-dev libssl-dev libsimdjson-dev libsqlite3-dev zlib1g-dev libpsl-dev \
       libphonenumber-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN swift build --configuration release --static-swift-stdlib --product pinrelay \
    && install -D "$(swift build --configuration release --static-swift-stdlib --show-bin-path)/pinrelay" /out/pinrelay \
    && strip /out/pinrelay \
    && cp Package.resolved /out/

FROM debian:bookworm-slim AS runtime
# The security suite is on by default here: libevent 2.1.12 is safe to face clients only with Debian's fixes.
RUN apt-get update \
    && apt-get upgrade -y \
    && apt-get install -y --no-install-recommends \
       ca-certificates libevent-2.1-7 libevent-core-2.1-7 libevent-extra-2.1-7 libevent-pthreads-2.1-7 libevent-openssl-2.1-7 \
       libcurl4 libssl3 libsimdjson14 libsqlite3-0 zlib1g libpsl5 publicsuffix libphonenumber8 libprotobuf32
COPY --from=build /out/pinrelay /usr/local/bin/pinrelay
COPY --from=build /out/Package.resolved /tmp/Package.resolved
COPY deploy/image/collect.sh deploy/sbom.sh /tmp/
RUN /tmp/collect.sh /usr/local/bin/pinrelay /image \
    && mkdir -p /image/usr/share/pinrelay /journal \
    && /tmp/sbom.sh /image /tmp/Package.resolved > /image/usr/share/pinrelay/sbom.cdx.json

FROM scratch
LABEL org.opencontainers.image.title="pinrelay" \
      org.opencontainers.image.description="Server-side tagging endpoint for the Pinterest API for Conversions" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.base.name="scratch"
COPY --from=runtime /image/ /
# The journal is the only thing written: run with --read-only and a volume here.
COPY --from=runtime --chown=10001:10001 /journal /var/lib/pinrelay
USER 10001:10001
VOLUME /var/lib/pinrelay
EXPOSE 8080
ENV PATH=/usr/local/bin
# A configuration file is named by PINRELAY_CONFIG, so that the health check reads it as well.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["/usr/local/bin/pinrelay", "probe"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/pinrelay"]
CMD ["run"]
