#!/usr/bin/env bash
# Fails if a stack of the environment keeps its state in a file. That file would be lost with the
# runner, and the next deploy would try to create everything again. Needs a synth before. Argument:
# the environment.
set -euo pipefail

for stack in cdktf.out/stacks/"$1"-*/; do
  backend='Object.keys(JSON.parse(fs.readFileSync(process.argv[1])).terraform.backend).join()'
  kept=$(node --print "$backend" "${stack}cdk.tf.json")
  if [[ $kept != s3 ]]; then
    echo "::error::$(basename "$stack") keeps its state in a file, which is lost with this" \
      "runner: set \`backend\` of the environment \"$1\" in blueprint.config.ts" \
      "(docs/deployment.md, \"State in S3\")."
    exit 1
  fi
done
