"""A plain script: one picture after the other is resized by Pillow and added to a tar."""

import io
import json
import os
import tarfile

from PIL import Image, ImageOps

from cost import Cost

PICTURES = os.environ["PICTURES"]
SHARD_SAMPLES = int(os.environ["SHARD_SAMPLES"])
[SPEC] = json.loads(os.environ["RECIPE"])


def add(tar, name, body):
    entry = tarfile.TarInfo(name)
    entry.size = len(body)
    tar.addfile(entry, io.BytesIO(body))


def resized(path):
    with Image.open(path) as image:
        output = io.BytesIO()
        size = (SPEC["width"], SPEC["height"])
        ImageOps.fit(image.convert("RGB"), size, Image.Resampling.LANCZOS).save(
            output, "JPEG", quality=80, optimize=True
        )
        return output.getvalue()


def main():
    cost = Cost()
    names = sorted(os.listdir(PICTURES))
    for first in range(0, len(names), SHARD_SAMPLES):
        shard = os.path.join(os.environ["SHARDS"], f"{first // SHARD_SAMPLES:06}.tar")
        with tarfile.open(shard, "w") as tar:
            for name in names[first : first + SHARD_SAMPLES]:
                key = name.removesuffix(".jpg")
                add(tar, name, resized(os.path.join(PICTURES, name)))
                add(tar, f"{key}.json", json.dumps({"key": name}).encode())
    cost.tell()


if __name__ == "__main__":
    main()
