# Kaa in a container: media worker, npm packages and Bun are made in stages of their own; what runs has no compiler and no root.
# docs/deployment.md says how to run it, and how far these steps were proved.
ARG DEBIAN=debian:12-slim

FROM ${DEBIAN} AS bun
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates npm \
 && rm -rf /var/lib/apt/lists/*
RUN npm install --global bun@1.4.5
WORKDIR /opt/kaa
COPY package.json bun.lock bunfig.toml ./
COPY patches patches

# The media worker: downloaded ready-made, or compiled where that cannot be had.
FROM bun AS worker
RUN bun install --frozen-lockfile
COPY scripts scripts
RUN KAA_CACHE_DIR=/var/cache/kaa bun run --silent setup > /tmp/worker-path \
 && install -D --mode 0755 "$(cat /tmp/worker-path)" /opt/worker/mediasoup-worker

FROM bun AS packages
RUN bun install --frozen-lockfile --production

FROM ${DEBIAN}
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates ffmpeg libsrtp2-1 libssl3 libuv1 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 kaa \
 && useradd --uid 10001 --gid kaa --no-create-home --home-dir /data --shell /usr/sbin/nologin kaa \
 && install --directory --owner kaa --group kaa --mode 0700 /data
COPY --from=bun /usr/local/lib/node_modules/bun/bin/bun.exe /usr/local/bin/bun
COPY --from=worker /opt/worker/mediasoup-worker /usr/local/bin/mediasoup-worker
WORKDIR /opt/kaa
COPY --from=packages /opt/kaa/node_modules node_modules
COPY package.json bunfig.toml tsconfig.json ./
COPY database database
COPY drizzle drizzle
COPY proto proto
COPY scripts scripts
COPY src src
ENV NODE_ENV=production \
    DATA_DIR=/data \
    HOME=/data \
    LOG_FORMAT=json \
    MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker
USER 10001:10001
VOLUME /data
EXPOSE 3000/tcp 50051/tcp 40000-40003/tcp 40000-40003/udp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["bun", "scripts/health.ts"]
ENTRYPOINT ["bun", "src/index.ts"]
