# Order Desk in a container. `docker build .` makes the production image; `--target test` the same with the test tools.
#
#   build, web ──► runtime ──► production      what is served: no compiler, no Node.js, no pip, no tests
#     └─► build-test ──► test                  the very same files, and what `pytest` needs beside them
#
# Everything from PyPI and npm comes from the hashed locks; the one package that is compiled (mysqlclient) is compiled
# here.

ARG PYTHON_IMAGE=python:3.12-slim-trixie
ARG NODE_IMAGE=node:24-slim

# ── what compiles ────────────────────────────────────────────────────────────────────────────────────────────────
FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PIP_REQUIRE_HASHES=1

RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev libmariadb-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /build
COPY requirements/build.txt requirements/mysql.txt ./
RUN pip install --quiet --only-binary :all: -r build.txt \
    && pip wheel --quiet --no-deps --no-build-isolation --wheel-dir wheels -r mysql.txt

COPY requirements/base.txt requirements/postgresql.txt ./
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --quiet --only-binary :all: -r base.txt -r postgresql.txt \
    && PIP_REQUIRE_HASHES=0 pip --python /opt/venv/bin/python install --quiet --no-deps --no-index wheels/*.whl \
    # A third of the environment is what nobody here reads: the telephone directory of the world (numbers are only
    # parsed and formatted), and Django's texts in a hundred languages that this API does not speak.
    && cd /opt/venv/lib/python3.12/site-packages \
    && rm -rf phonenumbers/geodata phonenumbers/carrierdata phonenumbers/tzdata \
    && find django -path '*/locale/*' -prune -type d ! -name en ! -name pt ! -name pt_BR -exec rm -rf {} +

# ── and the test tools ───────────────────────────────────────────────────────────────────────────────────────────
FROM build AS build-test
COPY requirements/dev.txt ./
RUN pip --python /opt/venv/bin/python install --quiet --only-binary :all: -r dev.txt

# ── the interface: what a browser is given, once for all platforms ───────────────────────────────────────────────
FROM ${NODE_IMAGE} AS web
WORKDIR /build
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
COPY frontend ./
RUN npm run --silent build -- --logLevel warn

# ── what runs ────────────────────────────────────────────────────────────────────────────────────────────────────
FROM ${PYTHON_IMAGE} AS runtime

# libmariadb3: what mysqlclient was linked with. The numbers are fixed, so that a volume keeps its owner.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libmariadb3 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 order-desk \
    && useradd --uid 10001 --gid 10001 --home-dir /app --no-create-home --shell /usr/sbin/nologin order-desk \
    && install --directory --owner order-desk --group order-desk /run/order-desk/app /run/order-desk/db

COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0 PORT=8000

WORKDIR /app
COPY LICENSE ./
COPY deploy/healthcheck.py deploy/make_secrets.py deploy/prepare deploy/demo deploy/
COPY backend backend
COPY --from=web /build/dist frontend/dist
# The settings read a .env beside them: here it is the file of generated secrets, in a volume, if one is mounted.
RUN ln -s /run/order-desk/app/secrets.env .env \
    && python -m compileall -q --invalidation-mode unchecked-hash backend \
    && python -m whitenoise.compress --quiet frontend/dist \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
       python backend/manage.py collectstatic --no-input --link --verbosity 0

USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "deploy/healthcheck.py"]
# gunicorn is process 1: SIGTERM reaches it, and it lets the requests in flight finish (graceful_timeout, 30 s).
STOPSIGNAL SIGTERM
CMD ["gunicorn", "--config", "backend/config/gunicorn.py", "--chdir", "backend", "config.wsgi:application"]

# ── the same, with the tests ─────────────────────────────────────────────────────────────────────────────────────
FROM runtime AS test
COPY --from=build-test /opt/venv /opt/venv
COPY . .
# The file system may be read-only: what tools remember goes to /tmp.
ENV PYTEST_ADDOPTS="-o cache_dir=/tmp/pytest-cache" HYPOTHESIS_STORAGE_DIRECTORY=/tmp/hypothesis

# ── last, so that it is what `docker build .` makes ──────────────────────────────────────────────────────────────
FROM runtime AS production
