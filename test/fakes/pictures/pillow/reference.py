"""Prints what Pillow makes of pictures, as raw RGB in base64: one line for each case on stdin.

A case is JSON of a path, a method and two numbers: the side of the square, and the shorter side or
the central fraction.
"""

import base64
import json
import sys

from PIL import Image, ImageOps


def torchvision(picture, side, shorter):
    """Resize(shorter) and CenterCrop(side)."""
    width, height = picture.size
    longer = int(shorter * max(picture.size) / min(picture.size))
    size = (shorter, longer) if width <= height else (longer, shorter)
    resized = picture.resize(size, Image.Resampling.BILINEAR)
    left = int(round((size[0] - side) / 2.0))
    top = int(round((size[1] - side) / 2.0))
    return resized.crop((left, top, left + side, top + side))


def tensorflow(picture, side, fraction):
    """central_crop(fraction) and a resize with antialias, without regard to proportions."""
    width, height = picture.size
    left = int((width - width * fraction) / 2)
    top = int((height - height * fraction) / 2)
    used = picture.crop((left, top, width - left, height - top))
    return used.resize((side, side), Image.Resampling.BILINEAR)


def padded(picture, side, _):
    return ImageOps.pad(picture, (side, side), Image.Resampling.BILINEAR, "black")


METHODS = {"torchvision": torchvision, "tensorflow": tensorflow, "padded": padded}

for line in sys.stdin:
    case = json.loads(line)
    upright = ImageOps.exif_transpose(Image.open(case["path"])).convert("RGB")
    made = METHODS[case["method"]](upright, case["side"], case["parameter"])
    print(base64.b64encode(made.tobytes()).decode())
