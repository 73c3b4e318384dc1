#!/usr/bin/env bash
# collect.sh BINARY TARGET: makes under TARGET the root of an image that holds the binary, the shared libraries that it
# loads, the data files that these read, and nothing else. Runs in a Debian root in which the packages are installed.
# What a scanner needs to know stands as in Debian's distroless images: the packages' status in var/lib/dpkg/status.d,
# their licences in usr/share/doc.
set -eu
binary=$1
target=$2
data=(/etc/ssl/certs/ca-certificates.crt /usr/share/publicsuffix/public_suffix_list.dafsa /usr/lib/os-release)

mkdir -p "$target"/{etc,tmp,proc,dev,sys,var/lib/dpkg/status.d,usr/lib,usr/lib64,usr/bin}
chmod 1777 "$target/tmp"
for link in lib lib64 bin; do ln -sfn "usr/$link" "$target/$link"; done
install -D -m 0755 "$binary" "$target$binary"

libraries=$(ldd "$binary")
if grep 'not found' <<<"$libraries" >&2; then exit 1; fi
owned=()
# A library goes to its own folder under the name by which it is asked for.
while read -r library; do
    real=$(readlink -f "$library")
    install -D -m 0755 "$real" "$target$(readlink -f "$(dirname "$library")")/$(basename "$library")"
    owned+=("$real")
done < <(grep -oE '/[^ ]+' <<<"$libraries")
for file in "${data[@]}"; do
    install -D -m 0644 "$(readlink -f "$file")" "$target$file"
    owned+=("$file")
done
ln -sfn ../usr/lib/os-release "$target/etc/os-release"

echo 'pinrelay:x:10001:10001::/var/lib/pinrelay:/nonexistent' >"$target/etc/passwd"
echo 'pinrelay:x:10001:' >"$target/etc/group"
echo 'hosts: files dns' >"$target/etc/nsswitch.conf"

# dpkg knows some files by their path before /lib became /usr/lib.
owners() {
    local file
    for file in "$@"; do
        dpkg -S "$file" 2>/dev/null || dpkg -S "${file#/usr}" 2>/dev/null || true
    done | sed 's/[:,].*//' | sort -u
}
# The bundle of authorities is made at installation and belongs to no package.
for package in $(owners "${owned[@]}") ca-certificates; do
    dpkg-query -s "$package" >"$target/var/lib/dpkg/status.d/$package"
    licence=/usr/share/doc/$package/copyright
    [ ! -e "$licence" ] || install -D -m 0644 "$(readlink -f "$licence")" "$target$licence"
done
