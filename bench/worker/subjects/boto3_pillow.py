"""boto3 with Pillow: a process for each CPU, whose threads receive ten messages at a time."""

import io
import multiprocessing
import threading

import boto3
from botocore.config import Config
from PIL import Image, ImageOps

from job import CPUS, DESTINATION_BUCKET, QUEUE_URL, RECIPE, SOURCE_BUCKET
from job import content_type, keys_of, rendition_key

# Round trips take longer than a decode: this many hide them.
THREADS = 8
CONFIG = Config(
    max_pool_connections=2 * THREADS,
    s3={"addressing_style": "path"},
    response_checksum_validation="when_required",
)


def render(source, kind):
    image = Image.open(io.BytesIO(source))
    image.draft("RGB", (RECIPE[0]["width"] * 2, RECIPE[0]["height"] * 2))
    image = ImageOps.exif_transpose(image)
    for spec in RECIPE:
        # From the larger one before, which is already small: decoded once.
        image = image.copy()
        image.thumbnail((spec["width"], spec["height"]), Image.Resampling.LANCZOS, reducing_gap=2.0)
        output = io.BytesIO()
        if kind == "image/png":
            image.save(output, "PNG", compress_level=6)
        else:
            image.save(output, "JPEG", quality=80, optimize=True)
        yield spec, output.getvalue()


def work(s3, sqs):
    while True:
        answer = sqs.receive_message(QueueUrl=QUEUE_URL, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        messages = answer.get("Messages", [])
        for message in messages:
            for key in keys_of(message["Body"]):
                source = s3.get_object(Bucket=SOURCE_BUCKET, Key=key)["Body"].read()
                for spec, body in render(source, content_type(key)):
                    s3.put_object(
                        Bucket=DESTINATION_BUCKET,
                        Key=rendition_key(key, spec),
                        Body=body,
                        ContentType=content_type(key),
                    )
        if messages:
            entries = [
                {"Id": m["MessageId"], "ReceiptHandle": m["ReceiptHandle"]} for m in messages
            ]
            sqs.delete_message_batch(QueueUrl=QUEUE_URL, Entries=entries)


def run():
    session = boto3.Session()
    s3 = session.client("s3", config=CONFIG)
    sqs = session.client("sqs", config=CONFIG)
    threads = [threading.Thread(target=work, args=(s3, sqs)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    for _ in range(CPUS - 1):
        multiprocessing.Process(target=run, daemon=True).start()
    run()
