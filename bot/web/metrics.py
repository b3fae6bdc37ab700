"""What Prometheus reads. Labels are codes of our own making: never a domain, a user or anything from outside."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.facts import DnsAnswer, Endpoint, Handshake, Hello, Probe
from bot.lookup.edges import LooksUp, Probes

_ACKNOWLEDGED = (0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
_ANSWERED = (0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0)


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answers = Counter(
            "mailbot_answers", "Commands and clicks answered, by outcome.", ["code"], registry=self.registry
        )
        self._answer_seconds = Histogram(
            "mailbot_answer_seconds", "From the request to the answer.", buckets=_ANSWERED, registry=self.registry
        )
        self._acknowledgement_seconds = Histogram(
            "mailbot_acknowledgement_seconds",
            "From Slack's payload to its acknowledgement.",
            buckets=_ACKNOWLEDGED,
            registry=self.registry,
        )
        self._rejections = Counter(
            "mailbot_rejections", "Requests turned away before Bolt, by reason.", ["reason"], registry=self.registry
        )
        self._deliveries = Counter(
            "mailbot_deliveries", "Messages sent to response_urls, by result.", ["result"], registry=self.registry
        )
        self._dns = Counter(
            "mailbot_dns_answers", "DNS answers used, cached ones too.", ["outcome"], registry=self.registry
        )
        self._tls = Counter(
            "mailbot_tls_probes", "Connections judged, cached ones too.", ["outcome"], registry=self.registry
        )
        self._connected = Gauge(
            "mailbot_socket_mode_connections", "Open Socket Mode connections.", registry=self.registry
        )

    def answered(self, code: str, seconds: float) -> None:
        """A command or a click was answered."""
        self._answers.labels(code).inc()
        self._answer_seconds.observe(seconds)

    def acknowledged(self, seconds: float) -> None:
        """A payload was acknowledged."""
        self._acknowledgement_seconds.observe(seconds)

    def rejected(self, reason: str) -> None:
        """A request was turned away at the gate."""
        self._rejections.labels(reason).inc()

    def delivered(self, result: str) -> None:
        """A message was sent to a response_url, or could not be."""
        self._deliveries.labels(result).inc()

    def dns_answered(self, outcome: str) -> None:
        """A DNS answer was used."""
        self._dns.labels(outcome).inc()

    def probed(self, outcome: str) -> None:
        """A connection's result was used."""
        self._tls.labels(outcome).inc()

    def connected(self, count: int) -> None:
        """So many Socket Mode connections are open."""
        self._connected.set(count)

    def text(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self.registry)


class CountingResolver:
    """A resolver that counts how its questions end."""

    def __init__(self, resolver: LooksUp, metrics: Metrics) -> None:
        self._resolver, self._metrics = resolver, metrics

    async def look_up(
        self, name: str, rtype: str, *, deadline: float, fresh: bool = False, urgent: bool = True
    ) -> DnsAnswer:
        """Ask one question of DNS."""
        answer = await self._resolver.look_up(name, rtype, deadline=deadline, fresh=fresh, urgent=urgent)
        self._metrics.dns_answered(answer.outcome)
        return answer


class CountingProber:
    """A prober that counts how its connections end."""

    def __init__(self, prober: Probes, metrics: Metrics) -> None:
        self._prober, self._metrics = prober, metrics

    async def probe(self, endpoint: Endpoint, hello: Hello, *, deadline: float, fresh: bool = False) -> Probe:
        """Make one connection."""
        probe = await self._prober.probe(endpoint, hello, deadline=deadline, fresh=fresh)
        self._metrics.probed("handshake" if isinstance(probe, Handshake) else probe.problem)
        return probe
