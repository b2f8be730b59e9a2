# weir in an image, from a checkout:
#
#   podman build --format docker -t weir .
#   podman build --format docker --platform linux/amd64,linux/arm64 --manifest weir .
#
# (Without --format docker, podman leaves the health check out: OCI's format has no place for it.)
# What runs is as in registry:2's image: podman run -p 5000:5000 -v registry:/var/lib/registry weir

# A JDK 25 with Maven, and what the image begins with: bash and the C library are all that weir needs of it.
ARG JDK=registry.access.redhat.com/ubi9/openjdk-25:1.24
ARG BASE=registry.access.redhat.com/ubi9/ubi-micro:9.7

# --- the program, which is the same on every platform
FROM --platform=$BUILDPLATFORM $JDK AS program
USER 0
WORKDIR /src
COPY . .
# such as --settings with a mirror of Maven Central; with --offline instead, the list of what weir is made of is left out
ARG MAVEN_FLAGS=-Psbom
RUN mvn --batch-mode --projects server --also-make -DskipTests -Dspotless.check.skip -Dcheckstyle.skip $MAVEN_FLAGS package && \
  mkdir /out && cp -r server/target/lib /out/ && cp server/target/weir-server-*.jar /out/lib/ && \
  if [ -e server/target/weir-sbom.cdx.json ]; then cp server/target/weir-sbom.cdx.json /out/; fi

# --- the parts that are the platform's: the JVM, native libraries, and what a first start leaves for the next
FROM $JDK AS parts
USER 0
# Red Hat's JDK keeps in a package of its own what jlink links from; others link from themselves
RUN if command -v microdnf; then microdnf install -y --setopt=install_weak_deps=0 java-25-openjdk-jmods; fi
COPY --from=program /out /opt/weir
COPY bin/jvm.options bin/Ask.java build/image/weir build/image/assemble /build/
COPY conf/image.yml /build/config.yml
RUN sh /build/assemble

# --- the image
FROM $BASE
COPY --from=parts /opt/weir /opt/weir
COPY --from=parts /image /
# so that weir's own commands find the weir that runs; it is also what serve takes when no file is named
ENV REGISTRY_CONFIGURATION_PATH=/etc/docker/registry/config.yml
# as in registry:2's image; any other user will do, given a volume that it may write to
USER 0
EXPOSE 5000
VOLUME /var/lib/registry
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["/usr/local/bin/weir", "health"]
ENTRYPOINT ["/usr/local/bin/weir"]
CMD ["serve", "/etc/docker/registry/config.yml"]
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG BASE
LABEL org.opencontainers.image.title="weir" \
  org.opencontainers.image.description="OCI pull-through cache and mirror registry for disconnected and edge OpenShift" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION" \
  org.opencontainers.image.created="$CREATED" \
  org.opencontainers.image.base.name="$BASE" \
  name="weir" version="$VERSION" summary="OCI pull-through cache and mirror registry" \
  io.k8s.display-name="weir" \
  io.k8s.description="OCI pull-through cache and mirror registry for disconnected and edge OpenShift" \
  io.openshift.expose-services="5000:https" \
  io.openshift.tags="registry,mirror,cache,edge"
