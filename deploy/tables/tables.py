#!/usr/bin/env python3
"""Writes the generated tables of Sources/ from Debian's packages iso-codes, unicode-cldr-core and libphonenumber-dev.

Without arguments the files are written; with `--check` they are compared, and a difference ends with 1; with
`--sources` the versions of the packages are printed. Needs no network. `make tables` runs it.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as xml
from re import _parser as patterns

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
ISO = "/usr/share/iso-codes/json"
CLDR = "/usr/share/unicode/cldr/common"

# English names that neither package holds and that people write all the same.
COUNTRY_ALIASES = {
    "GB": ["Great Britain", "Britain", "UK"],
    "NL": ["Holland"],
    "US": ["US", "USA", "America"],
    "AE": ["UAE", "Emirates"],
    "CD": ["DRC", "DR Congo"],
    "CG": ["Republic of the Congo"],
    "KR": ["Republic of Korea", "Korea"],
    "CZ": ["Czech Republic"],
    "SZ": ["Swaziland"],
    "MK": ["Macedonia"],
    "MM": ["Burma"],
    "TL": ["East Timor"],
    "VA": ["Vatican"],
    "CN": ["PR China", "Mainland China"],
    "IE": ["Republic of Ireland", "Eire"],
    "MO": ["Macau"],
    "RU": ["Russia"],
}
STATE_ALIASES = {
    "US-DC": ["Washington DC", "DC"],
    "AU-ACT": ["ACT"],
    "CA-NL": ["Newfoundland"],
    "CA-PE": ["PEI"],
    "MX-CMX": ["CDMX", "Distrito Federal", "Mexico City"],
}

# The letters that have no decomposition; FoldedName.swift holds the same list.
LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h",
    "ŋ": "n", "ς": "σ", "&": "and",
}


def fold(text):
    """What FoldedName.swift makes of a name: no case, marks, punctuation, spaces."""
    folded = ""
    for letter in unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).lower()):
        if letter in LETTERS:
            folded += LETTERS[letter]
        elif unicodedata.category(letter)[0] in "LN" or unicodedata.category(letter) == "Mc":
            if not 0x2B0 <= ord(letter) <= 0x2FF:
                folded += letter
    return folded


def load(name):
    with open(f"{ISO}/iso_{name}.json", encoding="utf-8") as file:
        return json.load(file)[name]


def version(package):
    query = ["dpkg-query", "-W", "-f=${Version}", package]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout


# MARK: names


def spellings(name):
    """A name of iso-codes as people write it: its parts, with inverted words put right, and by heads and notes alone."""
    name = name.replace("*", "").replace("†", "").strip()
    parts, inverted, heads = [], [], []
    plain = re.sub(r"\s*[\[(][^\])]*[\])]", "", name).strip()
    notes = [re.sub(r"\s+[A-Z]{2}-[A-Z0-9]{1,3}$", "", note) for note in re.findall(r"\[([^\]]*)\]", name)]
    notes += re.findall(r"\(([^)]*)\)", name)
    for part in [plain] + (plain.split("/") if "/" in plain else []):
        parts.append(part)
        if ", " in part and part.count(",") == 1:
            head, tail = part.split(", ")
            inverted.append(f"{tail} {head}")
            heads.append(head)
    return parts, inverted, heads + notes


class Names:
    """Folded names of one country's places; the better origin wins, then the two-letter code, then the wider place."""

    def __init__(self):
        self.best = {}

    def add(self, name, code, rank):
        key = fold(re.sub("^the ", "", name, flags=re.IGNORECASE))
        if len(key) >= 2 and (key not in self.best or rank < self.best[key][0]):
            self.best[key] = (rank, code)


def cldr_names(language):
    names = {}
    path = f"{CLDR}/subdivisions/{language}.xml"
    if os.path.exists(path):
        for element in xml.parse(path).iter("subdivision"):
            if element.text and element.text != "↑↑↑":
                names.setdefault(element.get("type"), []).append(element.text)
    return names


def languages_of():
    """By country, the languages that are official or that one in ten people speaks, English aside."""
    found = {}
    for territory in xml.parse(f"{CLDR}/supplemental/supplementalData.xml").find("territoryInfo"):
        for language in territory.findall("languagePopulation"):
            if language.get("officialStatus") or float(language.get("populationPercent")) >= 10:
                found.setdefault(territory.get("type"), set()).update(files_of(language.get("type")))
    return found


def files_of(language):
    if language == "zh_Hant":
        return {"zh", "yue"}
    if language in ("nb", "nn"):
        return {"no"}
    return {language, language.split("_")[0]} - {"en"}


def state_names():
    regions = load("3166-2")
    english, spoken, cache = cldr_names("en"), languages_of(), {}
    countries = {}
    for region in regions:
        country, code = region["code"].split("-")
        place = (region["type"] == "Geographical unit", len(code) != 2 or not code.isalpha(), "parent" in region, len(code), code)
        names = countries.setdefault(country, Names())
        cldr_key = (country + code).lower()
        parts, inverted, notes = spellings(region["name"])
        if country == "IE" and region["type"] == "County":
            parts += [f"{word} {region['name']}" for word in ("County", "Co")]
        aliases = STATE_ALIASES.get(region["code"], [])
        tiers = [[region["name"]], aliases + parts, english.get(cldr_key, [])]
        local = []
        for language in sorted(spoken.get(country, ())):
            if language not in cache:
                cache[language] = cldr_names(language)
            local += cache[language].get(cldr_key, [])
        for tier, group in enumerate(tiers + [local, inverted, notes]):
            for name in group:
                names.add(name, code.lower(), (tier,) + place)
    return sorted(
        (country.lower() + key, code)
        for country, names in countries.items() for key, (_, code) in names.best.items())


def country_names():
    names = Names()
    known = {country["alpha_2"] for country in load("3166-1")}
    for country in load("3166-1"):
        code = country["alpha_2"].lower()
        for key in ("name", "common_name", "official_name"):
            # The head of an inverted name alone may be another country's: Congo, Korea, Virgin Islands.
            parts, inverted, _ = spellings(country.get(key, ""))
            for rank, group in ((0, [country.get(key, "")] + parts), (2, inverted)):
                for name in group:
                    names.add(name, code, (rank,))
        for name in COUNTRY_ALIASES.get(country["alpha_2"], []):
            names.add(name, code, (1,))
    for territory in xml.parse(f"{CLDR}/main/en.xml").iter("territory"):
        if territory.get("type") in known:
            parts, inverted, notes = spellings(territory.text)
            for name in parts + inverted + notes:
                names.add(name, territory.get("type").lower(), (3,))
    # What ISO 3166-2 calls a country of the United Kingdom stands for it; so does its province.
    for region in load("3166-2"):
        if region["code"].startswith("GB-") and region["type"] in ("Country", "Province"):
            for name in spellings(region["name"])[0] + spellings(region["name"])[2]:
                names.add(name, "gb", (4,))
    for key, (_, code) in list(names.best.items()):
        if key.startswith("saint"):
            names.best.setdefault("st" + key[5:], (5, code))
    return sorted((key, code) for key, (_, code) in names.best.items())


# MARK: phone numbers


def first_digits(pattern):
    """The digits that a match of a pattern may start with; None where it may match nothing."""
    return first_of(list(patterns.parse(pattern)))


def first_of(items):
    found = set()
    for operation, value in items:
        digits, may_be_empty = start_of(str(operation), value)
        found |= digits
        if not may_be_empty:
            return found
    return None


def start_of(operation, value):
    """The first digits of one piece of a pattern, and whether it may match nothing."""
    if operation == "LITERAL":
        return {chr(value)}, False
    if operation == "IN":
        digits = set()
        for kind, item in value:
            kind = str(kind)
            if kind == "LITERAL":
                digits.add(chr(item))
            elif kind == "RANGE":
                digits |= {chr(code) for code in range(item[0], item[1] + 1)}
            else:
                digits |= set("0123456789")
        return digits, False
    if operation == "SUBPATTERN":
        inner = first_of(list(value[-1]))
        return (inner, False) if inner is not None else (set("0123456789"), True)
    if operation == "BRANCH":
        digits, may_be_empty = set(), False
        for branch in value[1]:
            inner = first_of(list(branch))
            may_be_empty |= inner is None
            digits |= inner if inner is not None else set("0123456789")
        return digits, may_be_empty
    if operation == "MAX_REPEAT":
        inner = first_of(list(value[2]))
        may_be_empty = value[0] == 0 or inner is None
        return (inner if inner is not None else set("0123456789")), may_be_empty
    return set("0123456789"), True


def plain_numbers():
    """For each country code whose national numbers libphonenumber takes as they stand: lengths, and first digits.

    A number is taken as it stands when no national prefix can match its first digits and it has no leading zero. Where
    the pattern of the prefix may match nothing, it may rewrite any number: such countries are left out.
    """
    with tempfile.TemporaryDirectory() as folder:
        tool = f"{folder}/plans"
        source = os.path.join(ROOT, "deploy/tables/plans.cpp")
        subprocess.run(
            ["c++", "-std=c++17", source, "-lphonenumber", "-lprotobuf", "-o", tool], check=True)
        lines = subprocess.run([tool], capture_output=True, text=True, check=True).stdout.splitlines()
    plans = [line.split("\t") for line in lines]
    shared = {code for code in (plan[1] for plan in plans) if sum(plan[1] == code for plan in plans) > 1}
    records = []
    for region, code, is_main, prefix, lengths in plans:
        if not region.isalpha() or (code in shared and is_main != "1"):
            continue
        taken = first_digits(prefix) if prefix else set()
        if taken is None:
            continue
        free = "".join(sorted(set("123456789") - taken))
        wide = [length for length in lengths.split(",") if length and int(length) + len(code) <= 15]
        if free and wide:
            records.append(f"{code}:{','.join(wide)}:{free}")
    return sorted(records, key=lambda record: int(record.split(":")[0]))


# MARK: Swift


def literal(name, comment, pieces, separator, indent="    "):
    """A text of pieces, wrapped between them; each piece is followed by the separator."""
    lines, line = [], ""
    for piece in pieces:
        if len(indent + line + piece + separator) > 118:
            lines.append(line)
            line = ""
        line += piece + separator
    body = f"\\\n{indent}".join(lines + [line])
    return f'{indent}/// {comment}\n{indent}static let {name} = """\n{indent}{body}\\\n\n{indent}"""\n'


def packed(records, width):
    assert all(len(record) == width for record in records) and len(set(records)) == len(records)
    return sorted(records)


def file(path, sources, declaration, tables):
    versions = ", ".join(f"{package} {version(package)}" for package in sources)
    head = (
        "// Generated by deploy/tables/tables.py; `make tables` writes it anew.\n"
        f"// Source: Debian's {versions}.\n// swift-format-ignore-file\n\n")
    return path, head + declaration + " {\n" + "\n".join(tables) + "}\n"


def files():
    countries, regions = load("3166-1"), load("3166-2")
    alpha2 = packed([country["alpha_2"].lower() for country in countries], 2)
    alpha3 = packed([(country["alpha_3"] + country["alpha_2"]).lower() for country in countries], 5)
    numeric = packed([country["numeric"] + country["alpha_2"].lower() for country in countries], 5)
    states = packed(["%-5s" % region["code"].replace("-", "").lower() for region in regions], 5)
    currencies = packed([currency["alpha_3"].lower() for currency in load("4217")], 3)
    codes = file(
        "Sources/Privacy/Tables/ISOCodes.swift", ["iso-codes"],
        "/// The codes of ISO 3166 and ISO 4217, in lower case, sorted, each record as wide as the others.\nenum ISOCodes",
        [
            literal("countries", "ISO 3166-1 alpha-2.", alpha2, ""),
            literal("alpha3", "ISO 3166-1 alpha-3, each with its alpha-2.", alpha3, ""),
            literal("numeric", "ISO 3166-1 numeric, each with its alpha-2.", numeric, ""),
            literal("currencies", "ISO 4217.", currencies, ""),
            literal("states", "ISO 3166-2: country, and the code behind it with spaces up to three.", states, ""),
        ])
    country = file(
        "Sources/Privacy/Tables/CountryNames.swift", ["iso-codes", "unicode-cldr-core"],
        "/// English names of countries: folded name, `=`, ISO 3166-1 alpha-2; sorted by name.\nenum CountryNames",
        [literal("records", "Each record ends with a space.", [f"{k}={v}" for k, v in country_names()], " ")])
    state = file(
        "Sources/Privacy/Tables/StateNames.swift", ["iso-codes", "unicode-cldr-core"],
        "/// Names of states in English, in their countries' languages and as ISO 3166-2 spells them: country and folded\n"
        "/// name, `=`, the code behind the country; sorted by country and name.\nenum StateNames",
        [literal(
            "records", "Each record ends with a space.",
            [f"{k}={v}" for k, v in sorted(state_names(), key=lambda pair: pair[0].encode())], " ")])
    phones = file(
        "Sources/PhoneNumbers/CallingCodes+Plain.swift", ["libphonenumber8"], "extension CallingCodes",
        [literal(
            "plain", "Country code, lengths of national numbers, digits that they start with; `:` between them.",
            plain_numbers(), " ")])
    return [codes, country, state, phones]


def main(arguments):
    if arguments == ["--sources"]:
        for package in ("iso-codes", "unicode-cldr-core", "libphonenumber8"):
            print(package, version(package))
        return 0
    differing = 0
    for path, text in files():
        full = os.path.join(ROOT, path)
        if arguments == ["--check"]:
            with open(full, encoding="utf-8") as present:
                if present.read() != text:
                    print(f"tables: {path} differs from what the packages give")
                    differing = 1
        else:
            with open(full, "w", encoding="utf-8") as output:
                output.write(text)
    return differing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
