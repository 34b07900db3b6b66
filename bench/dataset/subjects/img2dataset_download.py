"""img2dataset, from files of this machine: a process for each CPU, as its README recommends."""

import json
import os
import pathlib
import tempfile

from cost import Cost

# Downloads in flight for each process: files of this machine need few.
THREADS = 16


def main():
    # Takes seconds; in the processes that it starts, the import is part of its work.
    from img2dataset import download

    [spec] = json.loads(os.environ["RECIPE"])
    cost = Cost()
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as urls:
        for picture in sorted(pathlib.Path(os.environ["PICTURES"]).iterdir()):
            urls.write(f"{picture.as_uri()}\n")
        urls.flush()
        download(
            url_list=urls.name,
            output_folder=os.environ["SHARDS"],
            output_format="webdataset",
            number_sample_per_shard=int(os.environ["SHARD_SAMPLES"]),
            image_size=spec["width"],
            resize_mode="center_crop",
            encode_quality=80,
            processes_count=len(os.sched_getaffinity(0)),
            thread_count=THREADS,
        )
    cost.tell()


if __name__ == "__main__":
    main()
