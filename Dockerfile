# The worker (and every other command) in a container: built with all packages, run with those it needs.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
RUN npm run --silent build && npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
# git: worlds act on repositories; ca-certificates: model endpoints and TLS to Temporal.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git ca-certificates \
    && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production HARDGEN_DOCKER=off
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/package.json /app/campaign.schema.json ./
COPY examples ./examples
COPY worlds ./worlds
RUN mkdir .hardgen && chown node:node .hardgen
USER node
# Healthy means that both services answer from here; a worker that has ended is restarted by the engine.
HEALTHCHECK --interval=30s --timeout=20s --start-period=30s --retries=3 \
    CMD ["node", "-e", "require('/app/dist/services').findServices(require('/app/dist/config').loadConfig()).then((found) => process.exit(found.temporal && found.neo4j ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli/index.js"]
CMD ["worker"]
