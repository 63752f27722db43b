/** The workflow of a new project: checks every change, and compares Konnect with the code each night. */
export const checkWorkflow = `# Checks every change, and compares Konnect with the code each night.
#
# Secrets: KONNECT_READ_TOKEN (may only read). The drift check also needs the state: set the variable STATE_BUCKET, and
# give the job what its bucket needs. Deploy with \`npm run deploy\`, or by a workflow of your own with KONNECT_TOKEN and
# TF_VAR_SIEM_AUTHORIZATION.
name: Audit logs

on:
  pull_request:
  push:
    branches: [main]
  schedule:
    - cron: "17 4 * * *"
  workflow_dispatch:

permissions:
  contents: read

jobs:
  check:
    if: github.event_name == 'pull_request' || github.event_name == 'push'
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with:
          node-version: 22
      - uses: hashicorp/setup-terraform@b9cd54a3c349d3f38e8881555d616ced269862dd # v3.1.2
        with:
          terraform_version: 1.11.4
          terraform_wrapper: false
      - run: npm ci
      - run: npm run typecheck
      - run: npm test
      - run: npm run synth

  drift:
    if: github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with:
          node-version: 22
      - uses: hashicorp/setup-terraform@b9cd54a3c349d3f38e8881555d616ced269862dd # v3.1.2
        with:
          terraform_version: 1.11.4
          terraform_wrapper: false
      - run: npm ci
      - run: npm run drift
        env:
          KONNECT_TOKEN: \${{ secrets.KONNECT_READ_TOKEN }}
          STATE_BUCKET: \${{ vars.STATE_BUCKET }}
`;
