#!/usr/bin/env bash
# Fails when a stack of the environment keeps its state in a file, which would be lost with the runner: the next deploy
# would then try to make everything anew. Needs a synth before. Argument: the environment.
set -euo pipefail

for stack in cdktf.out/stacks/"$1"-*/; do
  kept=$(node --print 'Object.keys(JSON.parse(fs.readFileSync(process.argv[1])).terraform.backend).join()' "${stack}cdk.tf.json")
  if [[ $kept != s3 ]]; then
    echo "::error::$(basename "$stack") keeps its state in a file, which is lost with this runner:" \
      "set \`backend\` of the environment \"$1\" in blueprint.config.ts (docs/operations.md, \"State in S3\")."
    exit 1
  fi
done
