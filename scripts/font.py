"""Cuts the program's font out of Noto Sans CJK.

    font.py NotoSansCJK-Regular.ttc FeihongSC-Regular.otf

A desktop's own choice of font may draw Chinese text in Japanese shapes, or from
two fonts in turn, or not at all. So the program brings the Simplified Chinese
shapes of GB 2312 and of what else people type. Three kinds of signs that Noto
Sans CJK lacks are drawn here: the control pictures, with which suspicious text
is shown, from its own letters; and some ticks and crosses.

The same source gives the same font, byte for byte.
"""

import io
import math
import sys

from fontTools import subset
from fontTools.misc.transform import Offset
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTCollection, TTFont

FACE = "Noto Sans CJK SC"
FAMILY = "Feihong SC"
NOTE = "Modified: cut down to the characters that Feihong needs, control pictures and some ticks and crosses added."

BLOCKS = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin-1, Latin Extended-A
    (0x01CD, 0x01DC),  # pinyin with tones
    (0x01F8, 0x01F9),
    (0x02B0, 0x02FF),  # modifier letters
    (0x0300, 0x030C),  # accents
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x1E3E, 0x1E3F),
    (0x2000, 0x209F),  # punctuation, superscripts and subscripts
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x218B),  # letter-like signs, fractions, Roman numerals
    (0x2190, 0x23FF),  # arrows, mathematics, technical signs
    (0x2460, 0x27BF),  # enclosed signs, boxes, blocks, shapes, dingbats
    (0x3000, 0x312F),  # CJK punctuation, kana, bopomofo
    (0x3200, 0x33FF),  # enclosed and squared CJK signs
    (0xFE10, 0xFE1F),  # vertical forms
    (0xFE30, 0xFE6F),  # compatibility and small forms
    (0xFF01, 0xFF60),  # full width
    (0xFFE0, 0xFFE6),
)

EM = 1000  # the width and height of a Han character
FREE_CID = 65000  # from here on, the font has no characters of its own

CONTROLS = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 "
    "NAK SYN ETB CAN EM SUB ESC FS GS RS US SP DEL"
).split()


def characters():
    """Returns the code points to keep."""
    keep = {code for first, last in BLOCKS for code in range(first, last + 1)}
    for row in range(0xA1, 0xF8):  # GB 2312: signs, then 6763 Han characters
        for cell in range(0xA1, 0xFF):
            try:
                keep.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                pass  # an empty cell
    return keep


def cut(font):
    """Drops all but the characters, without hints, which the window ignores,
    and without layout rules except for accents."""
    options = subset.Options()
    options.layout_features = ["ccmp", "mark", "mkmk"]
    options.hinting = False
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)


def add(font, signs):
    """Adds full-width signs: signs maps a code point to a function that draws
    the sign with a pen."""
    top = font["CFF "].cff.topDictIndex[0]
    # A full-width sign of the font knows the settings for others of its kind.
    font_dict = top.FDSelect[font.getGlyphID(font.getBestCmap()[ord("●")])]
    private = top.FDArray[font_dict].Private
    width = None if private.defaultWidthX == EM else EM - private.nominalWidthX
    glyphs = font.getGlyphSet()
    # Drawn before any is added, as the glyph set does not like to be changed.
    drawn = {}
    for code, draw in signs.items():
        pen = T2CharStringPen(width, glyphs)
        draw(pen, glyphs, font.getBestCmap())
        drawn[code] = pen.getCharString(private, top.GlobalSubrs)
    strings, order = top.CharStrings, font.getGlyphOrder()
    for number, (code, sign) in enumerate(sorted(drawn.items())):
        name = f"cid{FREE_CID + number:05d}"
        assert name not in strings
        strings.charStrings[name] = len(strings.charStringsIndex)
        strings.charStringsIndex.append(sign)
        top.FDSelect.append(font_dict)
        order.append(name)
        font["hmtx"][name] = (EM, math.floor(sign.calcBounds(glyphs)[0]))
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = name
    top.charset = order
    font.setGlyphOrder(order)


def control(text):
    """Returns the function that draws the picture of a control: its name,
    small, from the upper left to the lower right."""

    def draw(pen, glyphs, cmap):
        letters = [glyphs[cmap[ord(letter)]] for letter in text]
        width = sum(letter.width for letter in letters)
        scale = min(0.62, 0.94 * EM / width)
        x, top, bottom = (EM - width * scale) / 2, 780 - 733 * scale, -20
        for place, letter in enumerate(letters):
            y = top + (bottom - top) * place / (len(letters) - 1)
            letter.draw(TransformPen(pen, Offset(x, y).scale(scale)))
            x += letter.width * scale

    return draw


def polygon(*points):
    def draw(pen, glyphs, cmap):
        pen.moveTo(points[0])
        for point in points[1:]:
            pen.lineTo(point)
        pen.closePath()

    return draw


def cross(size, stroke):
    """Returns the function that draws a diagonal cross around the middle of a
    Han character; size is half its width, stroke that of its lines."""
    x, y, arm = EM / 2, 380, size - stroke / math.sqrt(2)
    half = stroke / math.sqrt(2)
    corners = (
        (0, half), (arm, size), (size, arm), (half, 0), (size, -arm), (arm, -size),
        (0, -half), (-arm, -size), (-size, -arm), (-half, 0), (-size, arm), (-arm, size),
    )  # fmt: skip
    return polygon(*((round(x + dx), round(y + dy)) for dx, dy in corners))


def signs():
    """Returns what Noto Sans CJK lacks, for add."""
    drawn = {0x2400 + code: control(text) for code, text in enumerate(CONTROLS)}
    drawn[ord("✔")] = polygon((90, 400), (200, 500), (390, 290), (790, 770), (910, 680), (400, 40))
    drawn[ord("✕")] = cross(310, 70)
    drawn[ord("✖")] = cross(340, 150)
    drawn[ord("✗")] = cross(320, 90)
    drawn[ord("✘")] = cross(350, 130)
    return drawn


def rename(font):
    """Gives a font that is no longer Noto Sans CJK a name of its own, and says
    where it comes from."""
    names = font["name"]
    version = names.getDebugName(5)
    origin = names.getDebugName(0)
    names.names = []
    for number, text in {
        0: f"{origin} {NOTE}",
        1: FAMILY,
        2: "Regular",
        3: f"{FAMILY} Regular, from {FACE}, {version}",
        4: FAMILY,
        5: version,
        6: f"{FAMILY.replace(' ', '')}-Regular",
        10: f"Made from {FACE}. {NOTE}",
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
    }.items():
        names.setName(text, number, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames[0] = names.getDebugName(6)
    top = cff.topDictIndex[0]
    top.FullName = top.FamilyName = FAMILY


def main(source, target):
    fonts = TTCollection(source).fonts
    font = next(font for font in fonts if font["name"].getDebugName(4) == FACE)
    font.recalcTimestamp = False
    cut(font)
    # Read back, the tables are whole and plain, and can be added to.
    buffer = io.BytesIO()
    font.save(buffer)
    font = TTFont(buffer, recalcTimestamp=False)
    add(font, signs())
    rename(font)
    font.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
