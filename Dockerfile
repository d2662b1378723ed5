# syntax=docker/dockerfile:1
# Three images from one file: `api` (the default) serves both apps and the API, `ops` deploys and checks the database,
# `pgbouncer` pools its connections. See compose.yaml for how they go together.

ARG NODE_IMAGE=node:24.21.0-trixie-slim
ARG DEBIAN_IMAGE=debian:13.2-slim

# ---- everything that building needs, tests' packages included
FROM ${NODE_IMAGE} AS build
ARG PNPM=pnpm@12.21.0
WORKDIR /app
COPY . .
RUN npx -y ${PNPM} install --frozen-lockfile
RUN npx -y ${PNPM} exec turbo run generate build --filter=@vetcita/db --filter=@vetcita/owner --filter=@vetcita/staff

# ---- what runs: sources (Node 24 runs TypeScript itself) and the packages that they import
FROM ${NODE_IMAGE} AS production
ARG PNPM=pnpm@12.21.0
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml prisma.config.ts tsconfig.base.json ./
COPY prisma prisma
COPY packages/catalogue packages/catalogue
COPY packages/connection packages/connection
COPY packages/contracts packages/contracts
COPY packages/db packages/db
COPY packages/schema-engine packages/schema-engine
COPY apps/api apps/api
COPY apps/ops apps/ops
RUN npx -y ${PNPM} install --frozen-lockfile --prod --ignore-scripts \
      --filter "@vetcita/api..." --filter "@vetcita/ops..." \
    && rm -rf /root/.npm /root/.cache
COPY --from=build /app/packages/db/src/generated packages/db/src/generated
COPY --from=build /app/apps/owner/dist apps/owner/dist
COPY --from=build /app/apps/staff/dist apps/staff/dist

# ---- `docker build --target ops .`: pnpm ops, with psql and pg_dump
FROM production AS ops
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
USER node
HEALTHCHECK NONE
ENTRYPOINT ["node", "apps/ops/src/main.ts"]
CMD ["--help"]

# ---- `docker build --target pgbouncer .`: Debian's, configured by /etc/pgbouncer/pgbouncer.ini
FROM ${DEBIAN_IMAGE} AS pgbouncer
RUN apt-get update \
    && apt-get install -y --no-install-recommends pgbouncer postgresql-client \
    && rm -rf /var/lib/apt/lists/*
USER postgres
EXPOSE 6432
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=5 \
  CMD ["pg_isready", "--host=127.0.0.1", "--port=6432"]
STOPSIGNAL SIGINT
CMD ["pgbouncer", "/etc/pgbouncer/pgbouncer.ini"]

# ---- the product
FROM production AS api
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    OWNER_DIST=/app/apps/owner/dist \
    STAFF_DIST=/app/apps/staff/dist
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=20", "apps/api/src/main.ts"]
