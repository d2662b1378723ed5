#!/bin/sh
# What compose.yaml runs before the API starts: migrations, then the role that the API logs in as, with its password.
set -eu
node apps/ops/src/main.ts deploy --method node
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --file=prisma/api-role.sql "$DIRECT_URL"
printf '%s\n' "alter role vetcita_api password :'password';" |
  psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=password="$API_PASSWORD" "$DIRECT_URL"
node apps/ops/src/main.ts verify
