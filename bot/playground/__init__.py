"""Loopback servers that speak real protocols: DNS, mail over TLS, Slack. No internet, no account, no root."""
