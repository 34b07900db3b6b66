#!/bin/sh
set -eu

# No text has a NUL. 65: trying again cannot help, so this line is the dead letter's reason.
if [ "$(tr -d '\000' < "$JOB_INPUT" | wc -c)" -ne "$SOURCE_SIZE" ]; then
  echo "$SOURCE_KEY has NUL bytes, so it is no text" >&2
  exit 65
fi

wc -w < "$JOB_INPUT" > "$JOB_OUTPUT/$(basename "$JOB_INPUT").words"
