#!/bin/sh
# What compose.yaml runs before the API starts: migrations, then the role that the API logs in as, with its password.
set -eu
node apps/ops/src/main.ts deploy --method node
node apps/ops/src/main.ts api-role
node apps/ops/src/main.ts verify
