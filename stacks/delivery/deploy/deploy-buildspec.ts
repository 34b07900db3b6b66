/**
 * What a deploy runs, as CodeBuild takes it. The stack owns it, not the repository: no commit
 * changes how it is judged. All but sharp is in the bundle; npm installs that one in the version of
 * the lock file.
 */
export const DEPLOY_BUILDSPEC = {
  version: 0.2,
  env: { shell: 'bash' },
  phases: {
    install: {
      'runtime-versions': { nodejs: 22 },
      commands: [
        'DEPLOYER=$(mktemp --directory)',
        'aws s3 cp --only-show-errors "$DEPLOYER_ARCHIVE" "$DEPLOYER/deployer.zip"',
        'unzip -q "$DEPLOYER/deployer.zip" -d "$DEPLOYER"',
        'cd "$DEPLOYER" && npm ci --omit=dev --workspace deployer --ignore-scripts --no-audit --no-fund',
      ],
    },
    build: { commands: ['cd "$DEPLOYER" && node deployer/dist/main.js'] },
  },
} as const;
