#!/usr/bin/env python3
"""Writes the seeds of the fuzz target `inflate` to Tests/FuzzCorpus/inflate: compressed bodies have no readable form
that could be written by hand. Findings that were kept as seeds stay as they are.
"""

import gzip
import struct
import zlib
from pathlib import Path

TEXT = b'{"type":"track","event":"Order Completed","userId":"u1","properties":{"order_id":"T-77","revenue":29}}'
BATCH = b'{"batch":[' + b",".join(TEXT.replace(b"T-77", b"T-%d" % number) for number in range(40)) + b"]}"


def deflated(text, bits, level=9, strategy=zlib.Z_DEFAULT_STRATEGY):
    writer = zlib.compressobj(level, zlib.DEFLATED, bits, 8, strategy)
    return writer.compress(text) + writer.flush()


def gzipped(text):
    return gzip.compress(text, 9, mtime=0)


def with_all_fields(text):
    """RFC 1952 with every optional field: a checksum of the head, extra bytes, a name and a comment."""
    head = b"\x1f\x8b\x08\x1e" + struct.pack("<IBB", 0, 2, 3)
    head += struct.pack("<H", 6) + b"AB\x02\x00xy" + b"order.json\0" + b"an order\0"
    head += struct.pack("<H", zlib.crc32(head) & 0xFFFF)
    return head + deflated(text, -15) + struct.pack("<II", zlib.crc32(text), len(text))


def with_dictionary(text):
    writer = zlib.compressobj(9, zlib.DEFLATED, 15, 8, zlib.Z_DEFAULT_STRATEGY, b'"type":"track"')
    return writer.compress(text) + writer.flush()


def flushed(text):
    """Blocks that end on a byte, as a sender makes them that flushes line by line."""
    writer = zlib.compressobj(9, zlib.DEFLATED, 31)
    lines = (text[start:start + 20] for start in range(0, len(text), 20))
    return b"".join(writer.compress(line) + writer.flush(zlib.Z_SYNC_FLUSH) for line in lines) + writer.flush()


good = gzipped(TEXT)
seeds = {
    "gzip": ("gzip", good),
    "gzip_batch": ("gzip", gzipped(BATCH)),
    "gzip_empty": ("X-GZip", gzipped(b"")),
    "gzip_fields": ("gzip", with_all_fields(TEXT)),
    "gzip_flushed": ("gzip", flushed(TEXT)),
    "gzip_members": ("gzip", good + gzipped(b"") + good),
    "gzip_many_members": ("gzip", gzipped(b"") * 100),
    "gzip_cut": ("gzip", good[:60]),
    "gzip_cut_trailer": ("gzip", good[:-3]),
    "gzip_wrong_sum": ("gzip", good[:-8] + b"\0\0\0\0" + good[-4:]),
    "gzip_wrong_length": ("gzip", good[:-4] + b"\xff\xff\xff\xff"),
    "gzip_rest": ("gzip", good + b"rest"),
    "gzip_bomb": ("gzip", gzipped(bytes(3 << 20))),
    "gzip_ratio": ("gzip", gzipped(bytes((64 << 10) + 1))),
    "zlib": ("deflate", deflated(TEXT, 15)),
    "zlib_small_window": ("deflate", deflated(BATCH, 9)),
    "zlib_dictionary": ("deflate", with_dictionary(TEXT)),
    "zlib_cut": (" Deflate\t", deflated(TEXT, 15)[:40]),
    "zlib_bomb": ("deflate", deflated(b"mug " * (1 << 19), 15)),
    "bare": ("deflate", deflated(TEXT, -15)),
    "bare_batch": ("deflate", deflated(BATCH, -15)),
    "bare_fixed": ("deflate", deflated(TEXT, -15, strategy=zlib.Z_FIXED)),
    "bare_stored": ("deflate", deflated(TEXT, -15, level=0)),
    "bare_huffman": ("deflate", deflated(BATCH[:600], -15, strategy=zlib.Z_HUFFMAN_ONLY)),
    "bare_cut": ("deflate", deflated(BATCH, -15)[:-9]),
    "bare_bomb": ("deflate", deflated(bytes(4 << 20), -15)),
    "identity": ("identity", TEXT),
    "unknown": ("br, gzip", good),
}

folder = Path(__file__).resolve().parents[2] / "Tests/FuzzCorpus/inflate"
folder.mkdir(exist_ok=True)
for name, (coding, body) in seeds.items():
    content = coding.encode() + b"\n" + body
    assert len(content) <= 4096, f"{name} is longer than what libFuzzer is told to take"
    (folder / name).write_bytes(content)
print(f"{len(seeds)} seeds in {folder}")
