#!/usr/bin/env bash
# Guards the shape of the house: the import table, the size of files, the count of unsafe marks, the format.
# Prints every fault and ends with 1 when there is one. Changes nothing.
set -u
cd "$(dirname "$0")/../.."
faults=0
fault() {
    printf 'check: %s\n' "$1"
    faults=$((faults + 1))
}

# 1. Imports against imports.txt. `@_spi(OpenPersonalText)` opens personal text: Privacy alone may.
for folder in Sources/*/; do
    target=$(basename "$folder")
    find "$folder" -name '*.swift' | grep -q . || continue
    if ! allowed=$(grep -E "^$target:" deploy/ci/imports.txt); then
        fault "target $target is not in deploy/ci/imports.txt"
        continue
    fi
    while IFS=: read -r file line text; do
        module=$(printf '%s' "$text" | sed -E 's/.*import +((struct|class|enum|func|protocol) +)?//; s/[. ].*//')
        case " ${allowed#*:} " in
            *" $module "*) ;;
            *) fault "$file:$line: $target may not import $module" ;;
        esac
        case "$text" in
            *OpenPersonalText*) [ "$target" = Privacy ] || fault "$file:$line: only Privacy opens personal text" ;;
        esac
    done < <(grep -rnE '^[a-z@_()A-Za-z ]*\bimport +[A-Za-z]' --include='*.swift' "$folder")
done

# 2. File length: a question at 300 lines, a stop at 450.
while read -r lines file; do
    [ "$lines" -gt 450 ] && fault "$file has $lines lines; 450 is the stop"
done < <(find Sources Tests -name '*.swift' -exec wc -l {} + | grep -v ' total$')

# 3. Marks that need a reason may only fall in number: deploy/ci/shape.txt holds what is allowed.
while read -r label allowed pattern; do
    case "$label" in '' | '#'*) continue ;; esac
    found=$(grep -rhoE --include='*.swift' -e "$pattern" Sources | wc -l)
    if [ "$found" -gt "$allowed" ]; then
        fault "$found marks of '$label' in Sources, $allowed are allowed: take some out, or give the reason in the change"
    elif [ "$found" -lt "$allowed" ]; then
        printf 'check: note: %s marks of %s, %s allowed: lower the number in deploy/ci/shape.txt\n' \
            "$found" "$label" "$allowed"
    fi
done < deploy/ci/shape.txt

# 4. Wording and format.
while IFS= read -r hit; do fault "unfinished work: $hit"; done < <(grep -rnE 'TODO|FIXME' Sources Tests)
if command -v swift >/dev/null; then
    swift format lint --strict --recursive --parallel --configuration .swift-format Sources Tests Package.swift ||
        fault "swift format lint found faults"
fi

if [ "$faults" -gt 0 ]; then
    printf 'check: %s faults\n' "$faults"
    exit 1
fi
echo 'check: imports, sizes, marks and format are in order'
