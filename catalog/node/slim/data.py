"""Makes the data of ICU within Node.js smaller, in place: python3 data.py PROGRAM LANGUAGES.

What no program in JavaScript can reach goes (converters besides those of the WHATWG's Encoding Standard, names of characters,
transliteration), and what belongs to other languages than those named. The list of the languages that are there is written anew, so that
Intl tells the truth. The rest of the room is zeros, which take no room in a layer; nothing of the program moves.
"""

import re
import struct
import subprocess
import sys
from pathlib import Path

# What ICU calls the converters of https://encoding.spec.whatwg.org/#names-and-labels, and those that ISO-2022-JP consists of.
CONVERTERS = set(
    """
    ibm-866_P100-1995 ibm-912_P100-1995 ibm-913_P100-2000 ibm-914_P100-1995 ibm-915_P100-1995 ibm-1089_P100-1995 ibm-9005_X110-2007
    ibm-813_P100-1995 ibm-5012_P100-1999 ibm-920_P100-1995 ibm-921_P100-1995 ibm-923_P100-1998 iso-8859_10-1998 iso-8859_14-1998
    iso-8859_11-2001 ibm-878_P100-1996 ibm-1168_P100-2002 macos-0_2-10.2 macos-7_3-10.2 windows-874-2000 ibm-5346_P100-1998
    ibm-5347_P100-1998 ibm-5348_P100-1997 ibm-5349_P100-1998 ibm-5350_P100-1998 ibm-9447_P100-2002 ibm-9448_X100-2005
    ibm-9449_P100-2002 ibm-5354_P100-1998 windows-936-2000 gb18030-2022 windows-950-2000 ibm-1375_P100-2008 euc-jp-2007
    ibm-1386_P100-2001 ibm-1363_P11B-1998 ibm-1373_P100-2002 ibm-943_P15A-2003 ibm-897_P100-1995 jisx-212 ibm-5478_P100-1995 windows-949-2000 ibm-970_P110_P110-2006_U2
    """.split()
)
UNREACHABLE = re.compile(r"translit/.*|unames\.icu|confusables\.cfu|.*\.spp")
LOCALE = re.compile(r"(?:(\w+)/)?(?!res_index)([a-z]{2,3})((?:_[A-Za-z0-9]+)*)\.res")
# Old codes, and those of what another language contains.
OLD = {"iw": "he", "in": "id", "nb": "no", "nn": "no", "sh": "sr", "tl": "fil", "mo": "ro"}


def program_data(program: bytes) -> tuple[int, int, list[str]]:
    """Where the data is in the program, how long it is, and the names of its items."""
    starts = [
        match.start() - 12
        for match in re.finditer(rb"CmnD\x01\x00\x00\x00", program)
        if program[match.start() - 10 : match.start() - 8] == b"\xda\x27"
    ]
    if len(starts) != 1:
        sys.exit(f"expected the data of ICU once in the program, found it {len(starts)} times")
    start = starts[0]
    items = start + struct.unpack_from("<H", program, start)[0]
    (count,) = struct.unpack_from("<I", program, items)
    table = [struct.unpack_from("<II", program, items + 4 + 8 * i) for i in range(count)]
    names = [program[items + at : program.index(b"\0", items + at)].decode() for at, _ in table]
    last = items + table[-1][1]
    if not names[-1].endswith(".res"):
        sys.exit(f"expected the data to end with a resource bundle, found {names[-1]}")
    # https://unicode-org.github.io/icu/: the fourth index of a bundle is its length in words of four bytes.
    bundle = last + struct.unpack_from("<H", program, last)[0]
    end = bundle + 4 * struct.unpack_from("<i", program, bundle + 4 + 4 * 3)[0]
    return start, end - start, names


def is_kept(name: str, languages: set[str]) -> bool:
    if UNREACHABLE.fullmatch(name):
        return False
    if name.endswith(".cnv"):
        return name.removesuffix(".cnv") in CONVERTERS
    locale = LOCALE.fullmatch(name)
    # Rules for numbers in words are small, and refer to those of other languages.
    return locale is None or locale[1] == "rbnf" or OLD.get(locale[2], locale[2]) in languages


def main() -> None:
    path, languages = Path(sys.argv[1]), set(sys.argv[2].split())
    program = bytearray(path.read_bytes())
    start, length, names = program_data(bytes(program))
    package, folder = names[0].split("/")[0], Path("items")
    whole, smaller = Path(f"{package}.dat"), Path("smaller") / f"{package}.dat"
    for each in [folder, smaller.parent, Path("text")]:
        each.mkdir()
    whole.write_bytes(program[start : start + length])
    items = [name.split("/", 1)[1] for name in names]
    gone = [name for name in items if not is_kept(name, languages)]
    indices = [name for name in items if name.endswith("res_index.res") and name not in gone]
    run("icupkg", "-d", folder, "-x", write_list("indices.txt", indices), whole)
    for name in indices:
        write_index(folder, name, set(items) - set(gone))
    run("icupkg", "-r", write_list("gone.txt", gone), "-s", folder, "-a", write_list("indices.txt", indices), whole, smaller)
    data = smaller.read_bytes()
    if len(data) > length:
        sys.exit(f"expected less than {length} bytes of data, made {len(data)}")
    program[start : start + length] = data.ljust(length, b"\0")
    path.write_bytes(program)
    print(f"{len(items) - len(gone)} of {len(items)} items, {len(data)} of {length} bytes")


def write_index(folder: Path, name: str, kept: set[str]) -> None:
    """Lists those languages of a part of the data that are there. The text of the index before gives the rest."""
    target = folder / name
    run("derb", "-s", target.parent.absolute(), "-d", "text", "res_index")
    text = (Path("text") / "res_index.txt").read_text()
    part = f"{Path(name).parent}/" if "/" in name else ""

    def line(match: re.Match[str]) -> str:
        return match[0] if f"{part}{match[1]}.res" in kept else ""

    text = re.sub(r'^[ \t]*"?(\w+)"?[ \t]*\{[ \t]*"[^"]*"[ \t]*\}[ \t]*\n', line, text, flags=re.M)
    # What derb does not tell: such a bundle has no parent.
    text = text.replace("res_index{", "res_index:table(nofallback){", 1)
    (Path("text") / "res_index.txt").write_text(text)
    run("genrb", "-s", "text", "-d", target.parent, "res_index.txt")


def write_list(name: str, items: list[str]) -> str:
    Path(name).write_text("".join(f"{item}\n" for item in items))
    return name


def run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)


main()
