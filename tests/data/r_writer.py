"""Write a data frame as R serialises it (XDR), so that tests need no R and no file of others."""

import gzip
import struct

NIL = struct.pack(">i", 254)


def text(value: str | None) -> bytes:
    content = b"" if value is None else value.encode()
    return struct.pack(">ii", 0x40009, -1 if value is None else len(content)) + content


def symbol(name: str) -> bytes:
    return struct.pack(">i", 1) + text(name)


def pair(name: bytes, value: bytes) -> bytes:
    return struct.pack(">i", 0x402) + name + value


def strings(values: list) -> bytes:
    return struct.pack(">ii", 16, len(values)) + b"".join(text(value) for value in values)


def decimals(values: list[float]) -> bytes:
    return struct.pack(f">ii{len(values)}d", 14, len(values), *values)


def whole(values: list) -> bytes:
    return struct.pack(f">ii{len(values)}i", 13, len(values), *[-(2**31) if v is None else v for v in values])


def factor(codes: list, levels: list[str]) -> bytes:
    numbers = [-(2**31) if code is None else code for code in codes]
    head = struct.pack(f">ii{len(codes)}i", 0x20D, len(codes), *numbers)
    return head + pair(symbol("levels"), strings(levels)) + NIL


def frame(columns: dict[str, bytes]) -> bytes:
    head = struct.pack(">ii", 0x213, len(columns)) + b"".join(columns.values())
    return head + pair(symbol("names"), strings(list(columns))) + NIL


def rds(value: bytes, version: int = 2) -> bytes:
    encoding = struct.pack(">i", 5) + b"UTF-8" if version == 3 else b""
    return gzip.compress(mtime=0, data=b"X\n" + struct.pack(">iii", version, 0, 0) + encoding + value)


def rdata(name: str, value: bytes) -> bytes:
    return gzip.compress(
        mtime=0, data=b"RDX2\nX\n" + struct.pack(">iii", 2, 0, 0) + pair(symbol(name), value) + NIL
    )
