#!/bin/sh
# Makes a key and a certificate that nobody has signed for the hosts of two sites, both in FILE. Prints the SHA-256 of
# the public key, by which a browser is told to take this certificate and no other.
set -eu
file=$1
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=shop.example \
    -addext 'subjectAltName=DNS:shop.example,DNS:*.shop.example,DNS:*.other.example' \
    -keyout "$file.key" -out "$file.certificate" 2>/dev/null
cat "$file.key" "$file.certificate" >"$file"
printf 'public key: '
openssl x509 -in "$file" -noout -pubkey | openssl pkey -pubin -outform der |
    openssl dgst -sha256 -binary | openssl base64
