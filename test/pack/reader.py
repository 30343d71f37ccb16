"""A reader of quantized `.logit` files, version 2, written from FORMAT.md alone: prints what each file of the command line holds."""

import json
import struct
import sys
import zlib
from math import ceil, floor, log2

TOP, BOTTOM = 2**32, 2**24


class Symbols:
    def __init__(self, count, gain, start=None):
        self.counts = list(start) if start else [1] * count
        self.gain = gain

    def saw(self, symbol):
        self.counts[symbol] += self.gain
        if sum(self.counts) >= 2**20:
            self.counts = [(c + 1) // 2 for c in self.counts]


class Stream:
    def __init__(self, data):
        self.data, self.at, self.code, self.range = data, 0, 0, TOP - 1
        for _ in range(4):
            self.code = self.code * 256 + self.next()

    def next(self):
        byte = self.data[self.at] if self.at < len(self.data) else 0
        self.at += 1
        return byte

    def accept(self, unit, start, size):
        self.range = unit * size
        self.code -= unit * start
        while self.range < BOTTOM:
            self.code = self.code * 256 + self.next()
            self.range *= 256
            assert self.at - 4 <= len(self.data)

    def one_of(self, count):
        if count == 1:
            return 0
        unit = self.range // count
        value = min(self.code // unit, count - 1)
        self.accept(unit, value, 1)
        return value

    def flag(self):
        return self.one_of(2) == 1

    def bits(self, width):
        value, shift = 0, 0
        while width > 0:
            value |= self.one_of(2 ** min(width, 16)) << shift
            shift, width = shift + 16, width - 16
        return value

    def number(self, most):
        length = self.one_of(most.bit_length() + 1)
        return 0 if length == 0 else 2 ** (length - 1) + self.bits(length - 1)

    def chance(self, zeros, total):
        unit = self.range // total
        if self.code < unit * zeros:
            self.accept(unit, 0, zeros)
            return 0
        self.accept(unit, zeros, total - zeros)
        return 1

    def symbol(self, model):
        total = sum(model.counts)
        unit = self.range // total
        target, below, symbol = min(self.code // unit, total - 1), 0, 0
        while below + model.counts[symbol] <= target:
            below += model.counts[symbol]
            symbol += 1
        self.accept(unit, below, model.counts[symbol])
        model.saw(symbol)
        return symbol


def floats(s, count, lists=None, forms=13):
    if count == 0:
        return []
    form = s.one_of(forms)
    exponent, mantissa, kept = (5, 10, form) if form < 11 else (8, 23, 23) if form == 11 else (11, 52, 52)
    if lists is None:
        signs = [s.one_of(2) for _ in range(count)]
    else:
        signs = []
        for length in lists:
            negative = s.number(length)
            signs += [1] * negative + [0] * (length - negative)
    top = s.bits(exponent)
    span = s.number(top) if count > 1 else 0
    if count <= 16 or s.one_of(2) == 0:
        fields = [top - s.one_of(span + 1) for _ in range(count)]
    else:
        model = Symbols(span + 1, 2)
        fields = [top - s.symbol(model) for _ in range(count)]
    values = []
    for sign, field in zip(signs, fields):
        bits = (sign << exponent | field) << mantissa | s.bits(kept) << (mantissa - kept)
        code, size = {5: ("<e", 2), 8: ("<f", 4), 11: ("<d", 8)}[exponent]
        values.append(struct.unpack(code, bits.to_bytes(size, "little"))[0])
    return values


def labels(s, count):
    start = [
        64 if 97 <= b <= 122 else 8 if 48 <= b <= 57 else 6 if 65 <= b <= 90 else 3 if 32 <= b <= 126 else 1
        for b in range(256)
    ]
    letters, found = Symbols(256, 32, start), []
    for _ in range(count):
        kind = s.one_of(4)
        if kind == 0:
            found.append(bytes(s.symbol(letters) for _ in range(s.number(2**20))).decode())
        elif kind == 1:
            sign = -1 if s.flag() else 1
            found.append(sign * s.number(2**53 - 1))
        else:
            found.append(floats(s, 1)[0] if kind == 2 else s.flag())
    return found


def random_places(s, n, total):
    at, places = 0, []
    for k in range(n, 0, -1):
        quarter = (total - at) // (4 * k)
        w = max(0, quarter.bit_length() - 1)
        while total - at - 2**w >= k:
            m, a, b = total - at, max(k, 2**w), min(k, 2**w)
            d = 2 * m - (b - 1)
            q, p = (d - 2 * a) * 2**26 // d, 2**26
            while b > 0:
                if b % 2:
                    p = p * q // 2**26
                q, b = q * q // 2**26, b // 2
            if s.chance(min(max(p // 2**10, 1), 65535), 65536):
                break
            at += 2**w
        places.append(at + s.bits(w))
        at = places[-1] + 1
    return places


def gaps(s, n, total):
    models = [Symbols(total.bit_length() + 1, 2) for _ in range(3)]
    before, context, places = -1, 0, []
    for _ in range(n):
        length = s.symbol(models[context])
        gap = 0 if length == 0 else 2 ** (length - 1) + s.bits(length - 1)
        before += gap + 1
        places.append(before)
        context = 1 if length == 0 else 2
    return places


def rounded(x):
    return min(255, max(1, floor(x + 0.5)))


def bitmap(s, n, features, outputs):
    total = features * outputs
    stride, forgetting = s.number(1023), s.one_of(4)
    row, output = (s.flag(), s.flag()) if outputs > 1 else (False, False)
    share, limit = n / total, [2**19, 1024, 256, 64][forgetting]
    start = [rounded((1 - share) / share), rounded(share / (1 - share))]
    models, set_ = {}, {}
    for j in range(features):
        for k in range(outputs):
            bit = lambda f: set_.get((f, k), 0)
            context = 18 * k if output else 0
            if stride > 0:
                context += bit(j - 1)
            if stride > 1 and stride < j:
                context += 2 * min(2, bit(j - stride - 1) + bit(j - stride) + bit(j - stride + 1))
            if row:
                context += 6 * min(2, sum(set_.get((j, o), 0) for o in range(k)))
            counts = models.setdefault(context, list(start))
            value = s.chance(counts[0], counts[0] + counts[1])
            counts[value] += 2
            if sum(counts) >= limit:
                counts[:] = [(c + 1) // 2 for c in counts]
            set_[(j, k)] = value
    return [j * outputs + k for (j, k), value in sorted(set_.items()) if value]


def places(s, n, features, outputs):
    total = features * outputs
    if n in (0, total):
        return list(range(n))
    way = s.one_of(3 if total <= 2**22 and total <= 64 * (n + 1) else 2)
    if way == 0:
        return random_places(s, n, total)
    return gaps(s, n, total) if way == 1 else bitmap(s, n, features, outputs)


def positions(s, n, features, outputs):
    if outputs == 1 or n in (0, features * outputs) or s.one_of(2) == 0:
        return places(s, n, features, outputs)
    count = s.number(min(n, features))
    rows = places(s, count, features, 1)
    return [rows[at // outputs] * outputs + at % outputs for at in places(s, n, count, outputs)]


def parting(s, features):
    by = ["class", "group", "block"][s.one_of(3)]
    if by == "class":
        return lambda at, outputs: at % outputs
    if by == "block":
        size = s.number(2**53 - 1)
        return lambda at, outputs: at // size
    width, model, before, groups = s.one_of(33), Symbols(3, 2), 0, []
    for _ in range(features):
        step = s.symbol(model)
        before = before + 1 if step == 1 else s.bits(width) if step == 2 else before
        groups.append(before)
    return lambda at, outputs: groups[at // outputs]


def value_of(kind, bits, own, code):
    if kind == "uniform":
        return own["scale"] * (code - own["zero"])
    if kind == "codebook":
        return own["levels"][code]
    if kind == "powerOfTwo":
        h = 2 ** (bits - 1)
        return -own["scale"] * 2.0**-code if code < h else own["scale"] * 2.0 ** -(2 * h - 1 - code)
    if kind == "float16":
        return struct.unpack("<e", code.to_bytes(2, "little"))[0]
    return struct.unpack("<f", (code << 16).to_bytes(4, "little"))[0]


def levels(s, features, outputs, stored):
    kind = ["uniform", "codebook", "powerOfTwo", "float16", "bfloat16"][s.one_of(5)]
    bits = 16 if "float" in kind else s.one_of(8 if kind == "powerOfTwo" else 16) + 1
    has_parts = s.flag()
    key = parting(s, features) if has_parts else lambda at, outputs: 0
    parted = sorted({key(at, outputs) for at in stored}) if has_parts else [0]
    count = len(parted)
    own = [{} for _ in parted]
    if kind == "uniform":
        if s.flag():
            zeros = [(2**bits - 1) / 2] * count
        else:
            zeros = []
            for _ in parted:
                z = s.number(2**34)
                zeros.append((-(z + 1) // 2 if z % 2 else z // 2) / 2)
        own = [{"scale": x, "zero": z} for x, z in zip(floats(s, count), zeros)]
    elif kind == "powerOfTwo":
        own = [{"scale": x} for x in floats(s, count)]
    elif kind == "codebook":
        lengths = [2**bits - s.number(2**bits) for _ in parted]
        ascending = s.flag()
        numbers = floats(s, sum(lengths), lengths if ascending else None)
        own = [{"levels": numbers[sum(lengths[:u]) : sum(lengths[: u + 1])]} for u in range(count)]
    most = max((len(o["levels"]) for o in own), default=0) if kind == "codebook" else 2**bits
    units = [parted.index(key(at, outputs)) for at in stored]
    return most, lambda i, code: value_of(kind, bits, own[units[i]], code)


def codes(s, stored, outputs, most, value):
    n = len(stored)
    if n == 0 or most == 1:
        return [0] * n
    if s.one_of(2) == 0:
        return [s.one_of(most) for _ in range(n)]
    gain, low = 2 ** s.one_of(4), s.one_of(ceil(log2(most)))
    kind = ["none", "output", "signs", "before", "row"][s.one_of(5)]
    stride = s.number(1023) if kind == "signs" else 0
    models, known, found = {}, {}, []
    sign = lambda i: 0 if i is None else (value(i, found[i]) > 0) - (value(i, found[i]) < 0)
    for i, at in enumerate(stored):
        context = 0
        if kind == "output":
            context = at % outputs
        if kind == "signs":
            total = sign(known.get(at - outputs)) + (sign(known.get(at - stride * outputs)) if stride > 1 else 0)
            context = (total > 0) - (total < 0)
        if kind in ("before", "row"):
            other = known.get(at - (outputs if kind == "before" else 1))
            context = 0 if other is None else 1 + 4 * found[other] // most
        model = models.setdefault(context, Symbols(ceil(most / 2**low), gain))
        found.append(s.symbol(model) * 2**low + (s.one_of(2**low) if low else 0))
        known[at] = i
    return found


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    assert data[0] == 0x8C and data[1] in (2, 3) and zlib.crc32(data[:-4]) == int.from_bytes(data[-4:], "little")
    s = Stream(data[2:-4])
    link, kind = s.one_of(3), s.one_of(3)
    if kind != 2:
        return None
    features = 2 ** s.one_of(27) if s.flag() else 1 + s.number(2**26 - 1)
    classes = 2 if link == 0 else 2 + s.number(65534)
    outputs = 1 if link == 0 else classes
    names = labels(s, classes) if s.flag() else list(range(classes))
    pixels = features
    if data[1] == 3:
        width, by = 1 + s.number(features - 1), 2 + s.number(1021)
        members = {}
        for j in range(pixels):
            members.setdefault((j // width // by, j % width // by), []).append(j)
        squares = [members[key] for key in sorted(members)]
        features = len(squares)
    total = features * outputs
    stored = positions(s, total if s.flag() else s.number(total - 1), features, outputs)
    most, value = levels(s, features, outputs, stored)
    intercepts = floats(s, outputs)
    found = codes(s, stored, outputs, most, value)
    assert not s.flag() and s.at >= len(s.data)
    values = [value(i, code) for i, code in enumerate(found)]
    if data[1] == 3:
        spread = sorted(
            (j * outputs + at % outputs, v / len(squares[at // outputs]))
            for at, v in zip(stored, values)
            for j in squares[at // outputs]
        )
        stored, values = [at for at, _ in spread], [v for _, v in spread]
    return {
        "features": pixels,
        "classes": names,
        "positions": stored,
        "values": values,
        "intercepts": intercepts,
    }


print(json.dumps([read(path) for path in sys.argv[1:]]))
