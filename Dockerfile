# syntax=docker/dockerfile:1
# Stage 1 builds the binary with the Swift standard library inside; stage 2 holds it and the shared libraries it needs.
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
    && strip --strip-debug /out/pinrelay

FROM debian:bookworm-slim
# The security suite is on by default here: libevent 2.1.12 is safe to face clients only with Debian's fixes.
RUN apt-get update \
    && apt-get upgrade -y \
    && apt-get install -y --no-install-recommends \
       ca-certificates libevent-2.1-7 libevent-core-2.1-7 libevent-extra-2.1-7 libevent-pthreads-2.1-7 \
       libcurl4 libssl3 libsimdjson14 libsqlite3-0 zlib1g libpsl5 publicsuffix libphonenumber8 libprotobuf32 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/pinrelay --shell /usr/sbin/nologin pinrelay \
    && install -d -o pinrelay -g pinrelay -m 0700 /var/lib/pinrelay
COPY --from=build /out/pinrelay /usr/local/bin/pinrelay
USER 10001
# The journal is the only thing written: run with --read-only and a volume here.
VOLUME /var/lib/pinrelay
EXPOSE 8080
ENV PINRELAY_JOURNAL_PATH=/var/lib/pinrelay
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["pinrelay", "probe"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["pinrelay"]
CMD ["run"]
