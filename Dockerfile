# つなぐ: the bundled data sets are published into the volume /data at the first start.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/tsunagu
COPY requirements.txt .
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM node:22-bookworm-slim AS front
WORKDIR /srv/tsunagu/app/web/frontend
COPY app/web/frontend .
RUN npm ci --omit=dev --ignore-scripts && node build.mjs

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home /srv/tsunagu tsunagu && mkdir /data && chown tsunagu /data
WORKDIR /srv/tsunagu
COPY --from=build /srv/tsunagu/.venv .venv
COPY app app
COPY --from=front /srv/tsunagu/app/web/static/dist app/web/static/dist
COPY vocab vocab
COPY mappings mappings
COPY sparql sparql
ENV PATH=/srv/tsunagu/.venv/bin:$PATH PYTHONUNBUFFERED=1 \
    TSUNAGU_DATA_DIR=/data TSUNAGU_HOST=0.0.0.0 TSUNAGU_PORT=8000
USER tsunagu
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["run"]
