"""aioboto3 with pyvips: one event loop for S3 and SQS, threads for libvips without the GIL."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import aioboto3
import pyvips
from aiobotocore.config import AioConfig

from job import CPUS, DESTINATION_BUCKET, QUEUE_URL, RECIPE, SOURCE_BUCKET
from job import content_type, keys_of, rendition_key

CONSUMERS = 2 * CPUS
CONFIG = AioConfig(
    max_pool_connections=20 * CONSUMERS,
    s3={"addressing_style": "path"},
    response_checksum_validation="when_required",
)
pyvips.cache_set_max(0)


def save(image, kind):
    if kind == "image/png":
        return image.pngsave_buffer(compression=6, keep="none")
    return image.jpegsave_buffer(Q=80, optimize_coding=True, keep="none")


def render(source, kind):
    largest = RECIPE[0]
    image = pyvips.Image.thumbnail_buffer(
        source, largest["width"], height=largest["height"], size="down"
    )
    if len(RECIPE) > 1:
        image = image.copy_memory()
    renditions = [(largest, save(image, kind))]
    for spec in RECIPE[1:]:
        smaller = image.thumbnail_image(spec["width"], height=spec["height"], size="down")
        renditions.append((spec, save(smaller, kind)))
    return renditions


async def process(s3, pool, body):
    for key in keys_of(body):
        answer = await s3.get_object(Bucket=SOURCE_BUCKET, Key=key)
        source = await answer["Body"].read()
        kind = content_type(key)
        renditions = await asyncio.get_running_loop().run_in_executor(pool, render, source, kind)
        await asyncio.gather(*(
            s3.put_object(
                Bucket=DESTINATION_BUCKET, Key=rendition_key(key, spec), Body=data, ContentType=kind
            )
            for spec, data in renditions
        ))


async def consume(s3, sqs, pool):
    while True:
        answer = await sqs.receive_message(
            QueueUrl=QUEUE_URL, MaxNumberOfMessages=10, WaitTimeSeconds=20
        )
        messages = answer.get("Messages", [])
        await asyncio.gather(*(process(s3, pool, message["Body"]) for message in messages))
        if messages:
            entries = [
                {"Id": m["MessageId"], "ReceiptHandle": m["ReceiptHandle"]} for m in messages
            ]
            await sqs.delete_message_batch(QueueUrl=QUEUE_URL, Entries=entries)


async def main():
    session = aioboto3.Session()
    pool = ThreadPoolExecutor(2 * CPUS)
    clients = session.client("s3", config=CONFIG), session.client("sqs", config=CONFIG)
    async with clients[0] as s3, clients[1] as sqs:
        await asyncio.gather(*(consume(s3, sqs, pool) for _ in range(CONSUMERS)))


asyncio.run(main())
