"""Prints what a reader sees in the files of a dataset, as JSON: read_dataset.py READER FILE…"""

import hashlib
import io
import json
import sys
import tarfile
import tempfile

from PIL import Image


def read_with_webdataset(shards):
    import webdataset

    samples = webdataset.WebDataset(shards, shardshuffle=False)
    return [
        seen(sample["__key__"], sample["__url__"], without_marks(sample)) for sample in samples
    ]


def read_with_datasets(shards):
    import datasets

    datasets.disable_progress_bars()
    with tempfile.TemporaryDirectory() as cache:
        rows = datasets.load_dataset(
            "webdataset", data_files={"train": shards}, split="train", cache_dir=cache
        )
        for name, feature in rows.features.items():
            if isinstance(feature, datasets.Image):
                # The bytes as they lie in the tar, which are compared and decoded below.
                rows = rows.cast_column(name, datasets.Image(decode=False))
        return [seen(row["__key__"], row["__url__"], files_of(row)) for row in rows]


def read_with_pyarrow(indexes):
    import pyarrow.parquet

    table = pyarrow.concat_tables([pyarrow.parquet.read_table(index) for index in indexes])
    return {
        "columns": {field.name: str(field.type) for field in table.schema},
        "rows": table.to_pylist(),
    }


def read_with_tarfile(ranges):
    """Entries of pieces of shards, each `offset+length:path`."""
    entries = []
    for piece in ranges:
        place, shard = piece.split(":", 1)
        offset, length = map(int, place.split("+"))
        with open(shard, "rb") as file:
            file.seek(offset)
            records = io.BytesIO(file.read(length))
        with tarfile.open(fileobj=records, mode="r:") as tar:
            entries += [
                {"shard": shard, "name": e.name, "bytes": e.size, "mode": e.mode, "uid": e.uid}
                | {"gid": e.gid, "mtime": int(e.mtime), "isFile": e.isreg()}
                for e in tar
            ]
    return entries


def without_marks(sample):
    return {name: value for name, value in sample.items() if not name.startswith("__")}


def files_of(row):
    """What `datasets` makes of the files: pictures stay bytes, JSON and numbers are parsed."""
    return {
        name: value["bytes"] if isinstance(value, dict) and "bytes" in value else value
        for name, value in without_marks(row).items()
    }


def seen(key, shard, files):
    return {
        "key": key,
        "shard": shard,
        "files": {
            extension: {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            for extension, body in files.items()
            if isinstance(body, bytes)
        },
        "pictures": {
            extension: list(Image.open(io.BytesIO(body)).size)
            for extension, body in files.items()
            if extension.split(".")[-1] in ("jpg", "png", "webp")
        },
        "json": parsed(files["json"]),
        "cls": parsed(files["cls"]) if "cls" in files else None,
    }


def parsed(value):
    return json.loads(value) if isinstance(value, bytes) else value


READERS = {
    "webdataset": read_with_webdataset,
    "datasets": read_with_datasets,
    "pyarrow": read_with_pyarrow,
    "tarfile": read_with_tarfile,
}

if __name__ == "__main__":
    print(json.dumps(READERS[sys.argv[1]](sys.argv[2:]), default=str))
