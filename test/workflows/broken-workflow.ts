/** A sound workflow, so that each check shows that it fails on a change of one line alone. */
export const SOUND = `name: Sound
on:
  pull_request:
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read # to check out
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
      - name: Greet
        env:
          TITLE: \${{ github.event.pull_request.title }}
        run: echo "$TITLE"
`;

/** The same with a fault of which the auditor must speak: text of a stranger becomes a command. */
export const INJECTED = SOUND.replace('"$TITLE"', `"\${{ github.event.pull_request.title }}"`);
