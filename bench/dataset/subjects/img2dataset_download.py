"""img2dataset, from files or over HTTP: a process for each CPU, as its README recommends."""

import json
import os

from cost import Cost

# Downloads in flight for each process: 25 ms a round trip are hidden by half of them.
THREADS = 32


def main():
    # Takes seconds; in the processes that it starts, the import is part of its work.
    from img2dataset import download

    [spec] = json.loads(os.environ["RECIPE"])
    cost = Cost()
    download(
        url_list=os.environ["ADDRESSES"],
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
