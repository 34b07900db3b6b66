"""What both Python peers are told, and how they name what they write."""

import json
import os
from urllib.parse import unquote_plus

QUEUE_URL = os.environ["QUEUE_URL"]
SOURCE_BUCKET = os.environ["SOURCE_BUCKET"]
DESTINATION_BUCKET = os.environ["DESTINATION_BUCKET"]
RECIPE = sorted(json.loads(os.environ["RECIPE"]), key=lambda spec: -spec["width"])
CPUS = len(os.sched_getaffinity(0))


def keys_of(body):
    return [unquote_plus(record["s3"]["object"]["key"]) for record in json.loads(body)["Records"]]


def rendition_key(key, spec):
    path = key[len(os.environ["SOURCE_PREFIX"]):]
    return f"{os.environ['DESTINATION_PREFIX']}{spec['name']}/{path}"


def content_type(key):
    return "image/png" if key.endswith(".png") else "image/jpeg"
