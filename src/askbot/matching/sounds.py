"""What characters sound like (拼音), roughly: tones and the pairs that typing mixes up (zh/z, an/ang) are dropped.

One character of a private range stands for one sound, so that finding by sound is finding in a text.
"""

import os
from functools import cache, lru_cache

_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"), ("iong", "ong"))
_PLAIN = str.maketrans("āáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeooooiiiiuuuuvvvvvnnnm")
_FIRST = 0xF0000


@cache
def table() -> dict[int, str]:
    """Character → sign of its sound; made once in a process."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin.pinyin_dict import pinyin_dict

    signs: dict[str, str] = {}
    made: dict[int, str] = {}
    for code, readings in pinyin_dict.items():
        if 0x4E00 <= code <= 0x9FFF:  # noqa: PLR2004 - the block of common characters
            sound = rough(readings.split(",", 1)[0])
            made[code] = signs.setdefault(sound, chr(_FIRST + len(signs)))
    return made


def rough(reading: str) -> str:
    """A reading without its tone and without what typing mixes up."""
    sound = reading.translate(_PLAIN)
    for fine, coarse in _MERGED:
        sound = sound.replace(fine, coarse)
    return sound


@lru_cache(maxsize=2048)
def sounded(text: str) -> str:
    """The text with every Chinese character as its sound; the same length."""
    return text.translate(table())
