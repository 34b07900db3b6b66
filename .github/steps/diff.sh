#!/usr/bin/env bash
# Writes what a deploy would change, stack by stack, as Markdown into the output `text`. Needs a
# synth before. Argument: the environment. Fails if the diff of a stack failed, after writing all.
set -euo pipefail

# A comment may have 65,536 characters, and an environment three stacks.
longest=16000
# With it `${text:0:n}` counts characters, so that no character is cut in two.
export LC_ALL=C.UTF-8
plan='Terraform used the selected providers'
code=0
text=$(mktemp)

for folder in cdktf.out/stacks/"$1"-*/; do
  stack=$(basename "$folder")
  if said=$(npx cdktf diff "$stack" --skip-synth --no-color 2>&1); then
    echo "$said"
    title=$(grep --only-matching --extended-regexp 'Plan: .*|No changes\.' <<< "$said" \
      | tail -n 1 || true)
    # Without Terraform's messages while it starts.
    [[ $said != *"$plan"* ]] || said="$plan${said#*"$plan"}"
    ((${#said} <= longest)) || said="${said:0:longest}"$'\n… and more: see the log of this run.'
  else
    echo "$said"
    title=failed
    code=1
    # The reason is at the end.
    ((${#said} <= longest)) || said=$'See the log of this run for more: …\n'"${said: -longest}"
  fi
  # A diff may contain backticks.
  printf '<details><summary><code>%s</code> %s</summary>\n\n~~~~~~\n%s\n~~~~~~\n</details>\n\n' \
    "$stack" "$title" "$said" >> "$text"
done

end="end-$(openssl rand -hex 16)"
{
  echo "text<<$end"
  cat "$text"
  echo "$end"
} >> "$GITHUB_OUTPUT"
exit "$code"
