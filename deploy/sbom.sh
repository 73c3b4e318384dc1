#!/usr/bin/env bash
# sbom.sh ROOT PACKAGE_RESOLVED: prints a bill of materials (CycloneDX 1.5, JSON) of an image's root: the Debian packages
# of ROOT/var/lib/dpkg/status.d (or ROOT/var/lib/dpkg/status) and the Swift packages that are linked into the binary.
# The same input gives the same output: no time, no serial number.
set -eu
root=$1
resolved=$2
distro=debian-$(. "$root/usr/lib/os-release" && echo "$VERSION_ID")

# "name version architecture" of every installed Debian package.
debian() {
    if [ -d "$root/var/lib/dpkg/status.d" ]; then
        # Each file holds one package, and may end without an empty line.
        local file
        for file in "$root/var/lib/dpkg/status.d"/*; do cat "$file"; echo; done
    else
        cat "$root/var/lib/dpkg/status"
    fi | awk -F': ' '
        $1 == "Package" { name = $2 } $1 == "Version" { version = $2 } $1 == "Architecture" { architecture = $2 }
        $1 == "Status" { installed = ($2 ~ / installed$/) }
        $0 == "" { if (name && installed) print name, version, architecture; name = "" }
        END { if (name && installed) print name, version, architecture }' | sort -u
}

# "location version" of every Swift package.
swift() {
    awk -F'"' '
        $2 == "location" { location = $4 } $2 == "version" && location { print location, $4; location = "" }' "$resolved" |
        sed -E 's#^https?://##; s#\.git ## #' | sort -u
}

{
    while read -r name version architecture; do
        # In a package URL "+" and ":" are written in percent code.
        encoded=$(sed 's/+/%2B/g; s/:/%3A/g' <<<"$version")
        printf '{"type":"library","name":"%s","version":"%s","purl":"pkg:deb/debian/%s@%s?arch=%s&distro=%s"}\n' \
            "$name" "$version" "$(sed 's/+/%2B/g' <<<"$name")" "$encoded" "$architecture" "$distro"
    done < <(debian)
    while read -r location version; do
        printf '{"type":"library","name":"%s","version":"%s","purl":"pkg:swift/%s@%s"}\n' \
            "${location##*/}" "$version" "$location" "$version"
    done < <(swift)
} | awk '
    { purl = $0; sub(/.*"purl":"/, "", purl); sub(/".*/, "", purl) }
    { lines[NR] = "    {\"bom-ref\":\"" purl "\"," substr($0, 2) }
    END {
        print "{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.5\",\n  \"version\": 1,"
        print "  \"metadata\": {\"component\": {\"type\": \"application\", \"name\": \"pinrelay\", \"bom-ref\": \"pinrelay\"}},"
        print "  \"components\": ["
        for (i = 1; i <= NR; i++) print lines[i] (i < NR ? "," : "")
        print "  ]\n}"
    }'
