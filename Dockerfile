# The base can be any Debian-like image with Python 3.11 or later and venv: see docs/image.md.
ARG BASE=python:3.13-slim-trixie

FROM ${BASE} AS build
WORKDIR /src
# pip and the build tools live in /tools and stay behind; /opt/mailbot is what goes into the image.
RUN python3 -m venv /tools && python3 -m venv --without-pip /opt/mailbot
COPY requirements.txt requirements-build.txt ./
# Two optional secrets for builds behind a mirror or a proxy: "pip", a pip configuration, and "ca", its trust anchors
# (in that configuration: cert = /run/secrets/ca). Neither stays in the image.
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=ca \
    /tools/bin/pip install --no-cache-dir --require-hashes -r requirements-build.txt && \
    /tools/bin/pip --python /opt/mailbot/bin/python install --no-cache-dir --require-hashes \
      --only-binary :all: -r requirements.txt
COPY pyproject.toml LICENSE ./
COPY bot bot
RUN /tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --no-index --wheel-dir /wheels . && \
    /tools/bin/pip --python /opt/mailbot/bin/python install --no-cache-dir --no-deps --no-index /wheels/*.whl

FROM ${BASE}
LABEL org.opencontainers.image.title="mailbot" \
      org.opencontainers.image.description="A Slack bot that says how to set up a mailbox in a mail program, and why" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/mailbot /opt/mailbot
ENV PATH=/opt/mailbot/bin:$PATH \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /tmp
EXPOSE 3000
# Asks the port of MAILBOT_LISTEN. Not urllib: it would go through a proxy set for the bot.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python3", "-Ic", "\
import http.client as h, os, sys; \
host, _, port = os.environ.get('MAILBOT_LISTEN', '0.0.0.0:3000').rpartition(':'); \
host = {'': '127.0.0.1', '0.0.0.0': '127.0.0.1', '[::]': '[::1]'}.get(host, host); \
c = h.HTTPConnection(f'{host}:{port}', timeout=4); c.request('GET', '/healthz'); \
sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["mailbot"]
CMD ["serve"]
